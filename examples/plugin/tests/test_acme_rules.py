"""ACME's rules: their pages, and what a page does not show."""

import acme_rules

from cibcheck.testing import rule_tests

test_page = rule_tests(acme_rules)


def test_a_name_may_be_that_of_a_new_service(rule_tester):
    tester = rule_tester(acme_rules.name_tells_service, options={"services": ("shop",)})
    tester.valid('<primitive id="shop-ip" class="ocf" provider="heartbeat" type="IPaddr2"/>')
    tester.invalid('<primitive id="«web-ip»" class="ocf" provider="heartbeat" type="IPaddr2"/>', message="service")
