"""What pyproject.toml cannot say: packages that are found, beside one that is not named like its folder."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["cibcheck", "cibcheck.*"]), *find_packages("rules"), "cibcheck_schemas"],
    package_dir={"cibcheck_rules": "rules/cibcheck_rules", "cibcheck_schemas": "schemas"},
)
