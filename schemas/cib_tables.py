"""The tables compiled from cib.xsd by `python -m cibcheck.grammar.compiler`. Not to be edited."""

# ruff: noqa
# fmt: off


from cibcheck.grammar.spaces import collapse as c

SIMPLE = {'action': ('enum',
            (('start', ((1, 0), (4, 0))),
             ('stop', ((1, 0), (4, 0))),
             ('promote', ((1, 0), (4, 0))),
             ('demote', ((1, 0), (4, 0))))),
 'boolean': ('enum',
             (('true', ((1, 0), (4, 0))),
              ('false', ((1, 0), (4, 0))),
              ('1', ((1, 0), (4, 0))),
              ('0', ((1, 0), (4, 0))))),
 'boolean-op': ('enum', (('and', ((1, 0), (4, 0))), ('or', ((1, 0), (4, 0))))),
 'class': ('enum',
           (('ocf', ((1, 0), (4, 0))),
            ('systemd', ((1, 2), (4, 0))),
            ('service', ((1, 2), (4, 0))),
            ('stonith', ((1, 0), (4, 0))),
            ('lsb', ((1, 0), (4, 0))),
            ('heartbeat', ((1, 0), (4, 0))),
            ('upstart', ((1, 0), (3, 10))),
            ('nagios', ((1, 2), (3, 10))))),
 'class.template': ('enum',
                    (('ocf', ((1, 0), (4, 0))),
                     ('systemd', ((2, 7), (4, 0))),
                     ('service', ((2, 7), (4, 0))),
                     ('stonith', ((1, 0), (4, 0))),
                     ('lsb', ((1, 0), (4, 0))),
                     ('heartbeat', ((1, 0), (4, 0))),
                     ('upstart', ((1, 0), (3, 10))),
                     ('nagios', ((2, 7), (3, 10))))),
 'comparison': ('enum',
                (('eq', ((1, 0), (4, 0))),
                 ('ne', ((1, 0), (4, 0))),
                 ('lt', ((1, 0), (4, 0))),
                 ('lte', ((1, 0), (4, 0))),
                 ('gt', ((1, 0), (4, 0))),
                 ('gte', ((1, 0), (4, 0))),
                 ('defined', ((1, 0), (4, 0))),
                 ('not_defined', ((1, 0), (4, 0))))),
 'date_operation': ('enum',
                    (('gt', ((1, 0), (4, 0))),
                     ('lt', ((1, 0), (4, 0))),
                     ('in_range', ((1, 0), (4, 0))),
                     ('date_spec', ((1, 0), (4, 0))))),
 'device_list': ('pattern', ('[a-zA-Z0-9_.\\-]+(,[a-zA-Z0-9_.\\-]+)*',), False),
 'fencing_index': ('pattern', ('\\+?0*[1-9]',), True),
 'id': ('id',),
 'idref': ('idref',),
 'integer': ('pattern', ('[+\\-]?[0-9]+',), True),
 'loss-policy': ('enum',
                 (('stop', ((1, 0), (4, 0))),
                  ('demote', ((1, 0), (4, 0))),
                  ('fence', ((1, 0), (4, 0))),
                  ('freeze', ((1, 0), (4, 0))))),
 'node_type': ('enum',
               (('member', ((1, 0), (4, 0))),
                ('remote', ((1, 3), (4, 0))),
                ('normal', ((1, 0), (2, 10))),
                ('ping', ((1, 0), (3, 10))))),
 'nonNegativeInteger': ('pattern', ('\\+?[0-9]+|-0+',), True),
 'on-fail': ('enum',
             (('ignore', ((1, 0), (4, 0))),
              ('block', ((1, 0), (4, 0))),
              ('stop', ((1, 0), (4, 0))),
              ('restart', ((1, 0), (4, 0))),
              ('standby', ((1, 0), (4, 0))),
              ('fence', ((1, 0), (4, 0))),
              ('restart-container', ((1, 2), (4, 0))),
              ('demote', ((3, 4), (4, 0))))),
 'order_kind': ('enum',
                (('Mandatory', ((1, 0), (4, 0))),
                 ('Optional', ((1, 0), (4, 0))),
                 ('Serialize', ((1, 0), (4, 0))))),
 'ordering': ('enum', (('group', ((1, 0), (4, 0))), ('listed', ((1, 0), (4, 0))))),
 'permission_kind': ('enum',
                     (('read', ((1, 0), (4, 0))),
                      ('write', ((1, 0), (4, 0))),
                      ('deny', ((1, 0), (4, 0))))),
 'port_range': ('pattern', ('[0-9\\-]+',), False),
 'positiveInteger': ('pattern', ('\\+?0*[1-9][0-9]*',), True),
 'requires': ('enum',
              (('nothing', ((1, 0), (4, 0))),
               ('quorum', ((1, 0), (4, 0))),
               ('fencing', ((1, 0), (4, 0))),
               ('unfencing', ((1, 3), (4, 0))))),
 'resource-discovery': ('enum',
                        (('always', ((1, 0), (4, 0))),
                         ('never', ((1, 0), (4, 0))),
                         ('exclusive', ((1, 0), (4, 0))))),
 'role_name': ('enum',
               (('Stopped', ((1, 0), (4, 0))),
                ('Started', ((1, 0), (4, 0))),
                ('Promoted', ((3, 7), (4, 0))),
                ('Unpromoted', ((3, 7), (4, 0))),
                ('Master', ((1, 0), (4, 0))),
                ('Slave', ((1, 0), (4, 0))))),
 'score': ('pattern', ('[+\\-]?([0-9]+|INFINITY)',), True),
 'text': ('text',),
 'value-source': ('enum',
                  (('literal', ((1, 0), (4, 0))),
                   ('param', ((1, 0), (4, 0))),
                   ('meta', ((1, 0), (4, 0))))),
 'value_type': ('enum',
                (('string', ((1, 0), (4, 0))),
                 ('integer', ((3, 5), (4, 0))),
                 ('number', ((1, 0), (4, 0))),
                 ('version', ((1, 0), (4, 0)))))}

SAYS = {'device_list': 'a list of ids of devices, with commas and no blanks between them',
 'fencing_index': 'a whole number from 1 to 9',
 'integer': 'a whole number',
 'nonNegativeInteger': 'a whole number, 0 or more',
 'port_range': 'a port, or two with a hyphen between them',
 'positiveInteger': 'a whole number, 1 or more',
 'score': 'a whole number, INFINITY or -INFINITY'}

SUCCESSORS = {('attribute', 'masters'): ('promoted-max', 'write promoted-max'),
 ('attribute', 'moon'): (None, 'remove it: Pacemaker 3 knows no phases of the moon'),
 ('attribute', 'requires'): (None, 'set requires in the meta_attributes of the resource'),
 ('attribute', 'score-attribute'): (None, 'give the score itself in score'),
 ('attribute', 'score-attribute-mangle'): (None, 'give the score itself in score'),
 ('element', 'acl_user'): (None, 'write an acl_target, and put its permissions into roles'),
 ('element', 'deny'): (None, 'write an acl_permission of kind deny'),
 ('element', 'lifetime'): (None, 'limit a location by a date_expression in its rule; nothing else can be limited in time any more'),
 ('element', 'master'): (None, 'write a clone whose meta_attributes set promotable to true'),
 ('element', 'read'): (None, 'write an acl_permission of kind read'),
 ('element', 'rkt'): (None, 'run the container with podman or docker'),
 ('element', 'rule'): (None, 'give each rule an rsc_location of its own'),
 ('element', 'write'): (None, 'write an acl_permission of kind write'),
 ('value', 'nagios'): (None, 'watch the service with an OCF agent'),
 ('value', 'normal'): ('member', 'write member'),
 ('value', 'ping'): (None, 'remove the entry: a host is watched by a clone of the agent ocf:pacemaker:ping'),
 ('value', 'upstart'): (None, 'let systemd run the service, and give class systemd')}

TYPES = {
'access': (
{'attribute': (('text', False, ((1, 0), (4, 0))),),
 'id': (('id', True, ((1, 0), (4, 0))),),
 'ref': (('idref', False, ((1, 0), (4, 0))),),
 'tag': (('text', False, ((1, 0), (4, 0))),),
 'xpath': (('text', False, ((1, 0), (4, 0))),)},
('all', ()),
(
(lambda a, n: (('xpath' in a) or ('ref' in a) or ('tag' in a)), 'does not say what it permits', 'say what it is about: give xpath, or ref or tag or both', None, (), ('xpath', 'ref', 'tag'), ((1, 0), (4, 0))),
(lambda a, n: (not (('xpath' in a) and (('ref' in a) or ('tag' in a)))), 'says in more than one way what it permits', 'give either xpath, or ref or tag or both', None, (), ('xpath', 'ref', 'tag'), ((1, 0), (4, 0))),
)),

'acl_group': (
{'id': (('id', True, ((1, 0), (4, 0))),), 'name': (('text', False, ((3, 8), (4, 0))),)},
('all', (('role', 'role', 0, None, ((1, 0), (4, 0))),)),
(
)),

'acl_permission': (
{'attribute': (('text', False, ((1, 0), (4, 0))),),
 'description': (('text', False, ((1, 0), (4, 0))),),
 'id': (('id', True, ((1, 0), (4, 0))),),
 'kind': (('permission_kind', True, ((1, 0), (4, 0))),),
 'object-type': (('text', False, ((1, 0), (4, 0))),),
 'reference': (('idref', False, ((1, 0), (4, 0))),),
 'xpath': (('text', False, ((1, 0), (4, 0))),)},
('all', ()),
(
(lambda a, n: (('xpath' in a) or ('reference' in a) or ('object-type' in a)), 'does not say what it permits', 'say what it is about: give xpath, reference or object-type', None, (), ('xpath', 'reference', 'object-type'), ((1, 0), (4, 0))),
(lambda a, n: (not ((('xpath' in a) and ('reference' in a)) or (('xpath' in a) and ('object-type' in a)) or (('reference' in a) and ('object-type' in a)))), 'says in more than one way what it permits', 'give only one of xpath, reference and object-type', None, (), ('xpath', 'reference', 'object-type'), ((1, 0), (4, 0))),
(lambda a, n: ((not (('attribute' in a) and (('xpath' in a) or ('reference' in a)))) or ('object-type' in a)), 'has attribute, but no object-type', 'remove attribute: it goes with object-type only', None, (), ('attribute', 'xpath', 'reference', 'object-type'), ((1, 0), (4, 0))),
)),

'acl_role': (
{'description': (('text', False, ((2, 0), (4, 0))),), 'id': (('id', True, ((1, 0), (4, 0))),)},
('all',
 (('acl_permission', 'acl_permission', 0, None, ((2, 0), (4, 0))),
  ('read', 'access', 0, None, ((1, 0), (1, 3))),
  ('write', 'access', 0, None, ((1, 0), (1, 3))),
  ('deny', 'access', 0, None, ((1, 0), (1, 3))))),
(
)),

'acl_target': (
{'id': (('text', True, ((1, 0), (4, 0))),), 'name': (('text', False, ((3, 8), (4, 0))),)},
('all', (('role', 'role', 0, None, ((1, 0), (4, 0))),)),
(
)),

'acl_user': (
{'id': (('id', True, ((1, 0), (4, 0))),)},
('all',
 (('role_ref', 'role', 0, None, ((1, 0), (4, 0))),
  ('read', 'access', 0, None, ((1, 0), (4, 0))),
  ('write', 'access', 0, None, ((1, 0), (4, 0))),
  ('deny', 'access', 0, None, ((1, 0), (4, 0))))),
(
(lambda a, n: (not (('role_ref' in n) and (('read' in n) or ('write' in n) or ('deny' in n)))), 'has both roles and permissions', 'give the user either roles (role_ref) or permissions (read, write, deny), not both', None, (), (), ((1, 0), (4, 0))),
)),

'acls': (
{},
('all',
 (('acl_target', 'acl_target', 0, None, ((2, 0), (4, 0))),
  ('acl_group', 'acl_group', 0, None, ((2, 0), (4, 0))),
  ('acl_role', 'acl_role', 0, None, ((1, 0), (4, 0))),
  ('acl_user', 'acl_user', 0, None, ((1, 0), (1, 3))))),
(
)),

'alert': (
{'description': (('text', False, ((1, 0), (4, 0))),),
 'id': (('id', True, ((1, 0), (4, 0))),),
 'path': (('text', True, ((1, 0), (4, 0))),)},
('all',
 (('instance_attributes', 'instance_attributes.alert', 0, None, ((1, 0), (4, 0))),
  ('meta_attributes', 'meta_attributes.alert', 0, None, ((1, 0), (4, 0))),
  ('select', 'select', 0, 1, ((1, 0), (4, 0))),
  ('recipient', 'recipient', 0, None, ((1, 0), (4, 0))))),
(
)),

'alert.ordered': (
{'description': (('text', False, ((1, 0), (4, 0))),),
 'id': (('id', True, ((1, 0), (4, 0))),),
 'path': (('text', True, ((1, 0), (4, 0))),)},
('sequence',
 ((0,
   None,
   (('instance_attributes', 'instance_attributes.alert', 1, 1, ((1, 0), (4, 0))),
    ('meta_attributes', 'meta_attributes.alert', 1, 1, ((1, 0), (4, 0))))),
  (0, None, (('recipient', 'recipient', 0, None, ((1, 0), (4, 0))),)))),
(
)),

'alerts': (
{},
('all',
 (('alert', 'alert.ordered', 0, None, ((1, 0), (2, 9))), ('alert', 'alert', 0, None, ((2, 10), (4, 0))))),
(
)),

'attribute': (
{'id': (('id', True, ((1, 0), (4, 0))),), 'name': (('text', True, ((1, 0), (4, 0))),)},
('all', ()),
(
)),

'attribute_set': (
{'id': (('id', False, ((1, 0), (4, 0))),),
 'id-ref': (('idref', False, ((1, 0), (4, 0))),),
 'score': (('score', False, ((1, 0), (4, 0))),)},
('all', ()),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another set', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not ('id-ref' in a)) or (not (('score' in a) or ('nvpair' in n) or ('rule' in n)))), 'has id-ref, and more beside it', 'with id-ref, give nothing else: the set that it names has everything', None, (), ('id', 'id-ref', 'score'), ((1, 0), (4, 0))),
)),

'bundle': (
{'description': (('text', False, ((1, 0), (4, 0))),), 'id': (('id', True, ((1, 0), (4, 0))),)},
('all',
 (('docker', 'container', 1, 1, ((1, 0), (2, 9))),
  ('docker', 'container', 0, 1, ((2, 10), (4, 0))),
  ('podman', 'container', 0, 1, ((3, 2), (4, 0))),
  ('rkt', 'container', 0, 1, ((2, 10), (3, 10))),
  ('network', 'network', 0, 1, ((1, 0), (4, 0))),
  ('storage', 'storage', 0, 1, ((1, 0), (4, 0))),
  ('primitive', 'primitive', 0, 1, ((1, 0), (4, 0))),
  ('instance_attributes', 'instance_attributes', 0, None, ((1, 0), (4, 0))),
  ('meta_attributes', 'meta_attributes.collective', 0, None, ((1, 0), (4, 0))))),
(
(lambda a, n: (('docker' in n) or ('rkt' in n)), 'has no container', 'say what runs the container: put in docker or rkt', None, (), (), ((2, 10), (3, 1))),
(lambda a, n: (('docker' in n) or ('podman' in n) or ('rkt' in n)), 'has no container', 'say what runs the container: put in podman, docker or rkt', None, (), (), ((3, 2), (3, 10))),
(lambda a, n: (('docker' in n) or ('podman' in n)), 'has no container', 'say what runs the container: put in podman or docker', None, (), (), ((4, 0), (4, 0))),
(lambda a, n: (not (('docker' in n) and ('rkt' in n))), 'has more than one container', 'put in either docker or rkt, not both', None, (), (), ((2, 10), (3, 1))),
(lambda a, n: (not ((('docker' in n) and ('podman' in n)) or (('docker' in n) and ('rkt' in n)) or (('podman' in n) and ('rkt' in n)))), 'has more than one container', 'put in only one of podman, docker and rkt', None, (), (), ((3, 2), (3, 10))),
(lambda a, n: (not (('docker' in n) and ('podman' in n))), 'has more than one container', 'put in either podman or docker, not both', None, (), (), ((4, 0), (4, 0))),
)),

'cib': (
{'admin_epoch': (('nonNegativeInteger', True, ((1, 0), (4, 0))),),
 'cib-last-written': (('text', False, ((1, 0), (4, 0))),),
 'crm_feature_set': (('text', False, ((1, 0), (4, 0))),),
 'dc-uuid': (('text', False, ((1, 0), (4, 0))),),
 'epoch': (('nonNegativeInteger', True, ((1, 0), (4, 0))),),
 'execution-date': (('text', False, ((1, 2), (4, 0))),),
 'have-quorum': (('boolean', False, ((1, 0), (4, 0))),),
 'no-quorum-panic': (('boolean', False, ((1, 0), (4, 0))),),
 'num_updates': (('nonNegativeInteger', True, ((1, 0), (4, 0))),),
 'remote-clear-port': (('nonNegativeInteger', False, ((1, 0), (4, 0))),),
 'remote-tls-port': (('nonNegativeInteger', False, ((1, 0), (4, 0))),),
 'update-client': (('text', False, ((1, 2), (4, 0))),),
 'update-origin': (('text', False, ((1, 2), (4, 0))),),
 'update-user': (('text', False, ((1, 2), (4, 0))),),
 'validate-with': (('text', False, ((1, 0), (4, 0))),)},
('sequence',
 ((1, 1, (('configuration', 'configuration', 1, 1, ((1, 0), (4, 0))),)),
  (0, 1, (('status', 'status', 0, 1, ((1, 0), (4, 0))),)))),
(
)),

'clone': (
{'description': (('text', False, ((1, 0), (4, 0))),), 'id': (('id', True, ((1, 0), (4, 0))),)},
('all',
 (('primitive', 'primitive', 0, 1, ((1, 0), (4, 0))),
  ('group', 'group', 0, 1, ((1, 0), (4, 0))),
  ('instance_attributes', 'instance_attributes', 0, None, ((1, 0), (4, 0))),
  ('meta_attributes', 'meta_attributes.collective', 0, None, ((1, 0), (4, 0))))),
(
(lambda a, n: (('primitive' in n) or ('group' in n)), 'has nothing in it to clone', 'put in what is to be cloned: one primitive or one group', None, (), (), ((1, 0), (4, 0))),
(lambda a, n: (not (('primitive' in n) and ('group' in n))), 'has both a primitive and a group in it', 'put in either a primitive or a group, not both', None, (), (), ((1, 0), (4, 0))),
)),

'cluster_property_set': (
{'id': (('id', False, ((1, 0), (4, 0))),),
 'id-ref': (('idref', False, ((1, 0), (4, 0))),),
 'score': (('score', False, ((1, 0), (4, 0))),)},
('all',
 (('nvpair', 'nvpair.cluster_property_set', 0, None, ((1, 0), (4, 0))),
  ('rule', 'rule.options', 0, 1, ((1, 0), (4, 0))))),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another set', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not ('id-ref' in a)) or (not (('score' in a) or ('nvpair' in n) or ('rule' in n)))), 'has id-ref, and more beside it', 'with id-ref, give nothing else: the set that it names has everything', None, (), ('id', 'id-ref', 'score'), ((1, 0), (4, 0))),
)),

'configuration': (
{},
('all',
 (('crm_config', 'crm_config', 1, 1, ((1, 0), (4, 0))),
  ('nodes', 'nodes', 1, 1, ((1, 0), (4, 0))),
  ('resources', 'resources', 1, 1, ((1, 0), (4, 0))),
  ('constraints', 'constraints', 1, 1, ((1, 0), (4, 0))),
  ('rsc_defaults', 'rsc_defaults', 0, 1, ((1, 0), (4, 0))),
  ('op_defaults', 'op_defaults', 0, 1, ((1, 0), (4, 0))),
  ('fencing-topology', 'fencing-topology', 0, 1, ((1, 2), (4, 0))),
  ('acls', 'acls', 0, 1, ((1, 2), (4, 0))),
  ('tags', 'tags', 0, 1, ((1, 3), (4, 0))),
  ('alerts', 'alerts', 0, 1, ((2, 5), (4, 0))))),
(
)),

'constraints': (
{},
('all',
 (('rsc_location', 'rsc_location', 0, None, ((1, 0), (4, 0))),
  ('rsc_colocation', 'rsc_colocation', 0, None, ((1, 0), (4, 0))),
  ('rsc_order', 'rsc_order', 0, None, ((1, 0), (4, 0))),
  ('rsc_ticket', 'rsc_ticket', 0, None, ((1, 2), (4, 0))))),
(
)),

'container': (
{'image': (('text', True, ((1, 0), (4, 0))),),
 'masters': (('integer', False, ((1, 0), (3, 10))),),
 'network': (('text', False, ((1, 0), (4, 0))),),
 'options': (('text', False, ((1, 0), (4, 0))),),
 'promoted-max': (('integer', False, ((3, 0), (4, 0))),),
 'replicas': (('integer', False, ((1, 0), (4, 0))),),
 'replicas-per-host': (('integer', False, ((1, 0), (4, 0))),),
 'run-command': (('text', False, ((1, 0), (4, 0))),)},
('all', ()),
(
(lambda a, n: (not (('masters' in a) and ('promoted-max' in a))), 'has both promoted-max and masters', 'give promoted-max only: masters is its old name', None, (), ('masters', 'promoted-max'), ((3, 0), (3, 10))),
)),

'crm_config': (
{},
('all', (('cluster_property_set', 'cluster_property_set', 0, None, ((1, 0), (4, 0))),)),
(
)),

'date_expression': (
{'end': (('text', False, ((1, 0), (4, 0))),),
 'id': (('id', True, ((1, 0), (4, 0))),),
 'operation': (('date_operation', True, ((1, 0), (4, 0))),),
 'start': (('text', False, ((1, 0), (4, 0))),)},
('all',
 (('duration', 'duration', 0, 1, ((1, 0), (4, 0))), ('date_spec', 'date_spec', 0, 1, ((1, 0), (4, 0))))),
(
(lambda a, n: ((not (c(a.get('operation', '')) == 'gt')) or (('start' in a) and (not (('end' in a) or ('duration' in n) or ('date_spec' in n))))), 'has other limits than operation gt takes', 'for operation gt, give start and nothing else', None, ('operation',), ('operation', 'start', 'end'), ((1, 0), (4, 0))),
(lambda a, n: ((not (c(a.get('operation', '')) == 'lt')) or (('end' in a) and (not (('start' in a) or ('duration' in n) or ('date_spec' in n))))), 'has other limits than operation lt takes', 'for operation lt, give end and nothing else', None, ('operation',), ('operation', 'end', 'start'), ((1, 0), (4, 0))),
(lambda a, n: ((not (c(a.get('operation', '')) == 'date_spec')) or (('date_spec' in n) and (not (('start' in a) or ('end' in a) or ('duration' in n))))), 'has other limits than operation date_spec takes', 'for operation date_spec, put in a date_spec and nothing else', None, ('operation',), ('operation', 'start', 'end'), ((1, 0), (4, 0))),
(lambda a, n: ((not (c(a.get('operation', '')) == 'in_range')) or ((not ('date_spec' in n)) and ((('end' in a) and (not ('duration' in n))) or ((('start' in a) and ('duration' in n)) and (not ('end' in a)))))), 'has other limits than operation in_range takes', 'for operation in_range, give end, or start and end, or start and a duration', None, ('operation',), ('operation', 'end', 'start'), ((1, 0), (3, 8))),
(lambda a, n: ((not (c(a.get('operation', '')) == 'in_range')) or ((not ('date_spec' in n)) and (('start' in a) or ('end' in a)))), 'has other limits than operation in_range takes', 'for operation in_range, give start or end or both, with or without a duration, and no date_spec', None, ('operation',), ('operation', 'start', 'end'), ((3, 9), (4, 0))),
)),

'date_spec': (
{'hours': (('text', False, ((1, 0), (4, 0))),),
 'id': (('id', True, ((1, 0), (4, 0))),),
 'minutes': (('text', False, ((3, 9), (4, 0))),),
 'monthdays': (('text', False, ((1, 0), (4, 0))),),
 'months': (('text', False, ((1, 0), (4, 0))),),
 'moon': (('text', False, ((1, 0), (3, 10))),),
 'seconds': (('text', False, ((3, 9), (4, 0))),),
 'weekdays': (('text', False, ((1, 0), (4, 0))),),
 'weeks': (('text', False, ((1, 0), (4, 0))),),
 'weekyears': (('text', False, ((1, 0), (4, 0))),),
 'yeardays': (('text', False, ((3, 9), (4, 0))),),
 'years': (('text', False, ((1, 0), (4, 0))),),
 'yearsdays': (('text', False, ((1, 0), (4, 0))),)},
('all', ()),
(
)),

'duration': (
{'days': (('text', False, ((3, 9), (4, 0))),),
 'hours': (('text', False, ((1, 0), (4, 0))),),
 'id': (('id', True, ((1, 0), (4, 0))),),
 'minutes': (('text', False, ((3, 9), (4, 0))),),
 'monthdays': (('text', False, ((1, 0), (4, 0))),),
 'months': (('text', False, ((1, 0), (4, 0))),),
 'moon': (('text', False, ((1, 0), (4, 0))),),
 'seconds': (('text', False, ((3, 9), (4, 0))),),
 'weekdays': (('text', False, ((1, 0), (4, 0))),),
 'weeks': (('text', False, ((1, 0), (4, 0))),),
 'weekyears': (('text', False, ((1, 0), (4, 0))),),
 'years': (('text', False, ((1, 0), (4, 0))),),
 'yearsdays': (('text', False, ((1, 0), (4, 0))),)},
('all', ()),
(
)),

'expression': (
{'attribute': (('text', True, ((1, 0), (4, 0))),),
 'id': (('id', True, ((1, 0), (4, 0))),),
 'operation': (('comparison', True, ((1, 0), (4, 0))),),
 'type': (('value_type', False, ((1, 0), (4, 0))),),
 'value': (('text', False, ((1, 0), (4, 0))),),
 'value-source': (('value-source', False, ((2, 9), (4, 0))),)},
('all', ()),
(
)),

'expression.options': (
{'attribute': (('text', True, ((1, 0), (4, 0))),),
 'id': (('id', True, ((1, 0), (4, 0))),),
 'operation': (('comparison', True, ((1, 0), (4, 0))),),
 'type': (('value_type', False, ((1, 0), (4, 0))),),
 'value': (('text', False, ((1, 0), (4, 0))),),
 'value-source': (('value-source', False, ((3, 0), (4, 0))),)},
('all', ()),
(
)),

'fencing-level': (
{'devices': (('device_list', True, ((1, 0), (4, 0))),),
 'id': (('id', True, ((1, 0), (4, 0))),),
 'index': (('positiveInteger', True, ((1, 0), (3, 10))), ('fencing_index', True, ((4, 0), (4, 0)))),
 'target': (('text', False, ((1, 0), (4, 0))),),
 'target-attribute': (('text', False, ((2, 4), (4, 0))),),
 'target-pattern': (('text', False, ((1, 0), (4, 0))),),
 'target-value': (('text', False, ((2, 4), (4, 0))),)},
('all', ()),
(
(lambda a, n: (('target' in a) or ('target-pattern' in a)), 'names no node', 'say which nodes it is for: give target or target-pattern', None, (), ('target', 'target-pattern'), ((1, 0), (2, 3))),
(lambda a, n: (('target' in a) or ('target-pattern' in a) or ('target-attribute' in a) or ('target-value' in a)), 'names no node', 'say which nodes it is for: give target, or target-pattern, or target-attribute and target-value', None, (), ('target', 'target-pattern', 'target-attribute', 'target-value'), ((2, 4), (4, 0))),
(lambda a, n: (not (('target' in a) and ('target-pattern' in a))), 'has both target and target-pattern', 'give either target or target-pattern, not both', None, (), ('target', 'target-pattern'), ((1, 0), (2, 3))),
(lambda a, n: (not ((('target' in a) and ('target-pattern' in a)) or ((('target' in a) or ('target-pattern' in a)) and (('target-attribute' in a) or ('target-value' in a))))), 'names nodes in more than one way', 'give only one of target, target-pattern, and target-attribute with target-value', None, (), ('target', 'target-pattern', 'target-attribute', 'target-value'), ((2, 4), (4, 0))),
(lambda a, n: ((not ('target-attribute' in a)) or ('target-value' in a) or ('target' in a) or ('target-pattern' in a)), 'has target-attribute, but no target-value', 'give target-value: the value of target-attribute that the nodes have', None, (), ('target-attribute', 'target-value', 'target', 'target-pattern'), ((2, 4), (4, 0))),
(lambda a, n: ((not ('target-value' in a)) or ('target-attribute' in a) or ('target' in a) or ('target-pattern' in a)), 'has target-value, but no target-attribute', 'give target-attribute: the node attribute that has this target-value', None, (), ('target-value', 'target-attribute', 'target', 'target-pattern'), ((2, 4), (4, 0))),
)),

'fencing-topology': (
{},
('all', (('fencing-level', 'fencing-level', 0, None, ((1, 0), (4, 0))),)),
(
)),

'group': (
{'description': (('text', False, ((1, 0), (4, 0))),), 'id': (('id', True, ((1, 0), (4, 0))),)},
('all',
 (('primitive', 'primitive', 1, None, ((1, 0), (4, 0))),
  ('instance_attributes', 'instance_attributes', 0, None, ((1, 0), (4, 0))),
  ('meta_attributes', 'meta_attributes.collective', 0, None, ((1, 0), (4, 0))))),
(
)),

'instance_attributes': (
{'id': (('id', False, ((1, 0), (4, 0))),),
 'id-ref': (('idref', False, ((1, 0), (4, 0))),),
 'score': (('score', False, ((1, 0), (4, 0))),)},
('all',
 (('nvpair', 'nvpair', 0, None, ((1, 0), (4, 0))), ('rule', 'rule.resources', 0, 1, ((1, 0), (4, 0))))),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another set', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not ('id-ref' in a)) or (not (('score' in a) or ('nvpair' in n) or ('rule' in n)))), 'has id-ref, and more beside it', 'with id-ref, give nothing else: the set that it names has everything', None, (), ('id', 'id-ref', 'score'), ((1, 0), (4, 0))),
)),

'instance_attributes.alert': (
{'id': (('id', False, ((1, 0), (4, 0))),),
 'id-ref': (('idref', False, ((1, 0), (4, 0))),),
 'score': (('score', False, ((1, 0), (4, 0))),)},
('all',
 (('nvpair', 'nvpair', 0, None, ((1, 0), (4, 0))), ('rule', 'rule.constraints', 0, 1, ((1, 0), (4, 0))))),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another set', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not ('id-ref' in a)) or (not (('score' in a) or ('nvpair' in n) or ('rule' in n)))), 'has id-ref, and more beside it', 'with id-ref, give nothing else: the set that it names has everything', None, (), ('id', 'id-ref', 'score'), ((1, 0), (4, 0))),
)),

'instance_attributes.op': (
{'id': (('id', False, ((1, 0), (4, 0))),),
 'id-ref': (('idref', False, ((1, 0), (4, 0))),),
 'score': (('score', False, ((1, 0), (4, 0))),)},
('all',
 (('nvpair', 'nvpair.op_parameter', 0, None, ((1, 0), (4, 0))),
  ('rule', 'rule.resources', 0, 1, ((1, 0), (4, 0))))),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another set', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not ('id-ref' in a)) or (not (('score' in a) or ('nvpair' in n) or ('rule' in n)))), 'has id-ref, and more beside it', 'with id-ref, give nothing else: the set that it names has everything', None, (), ('id', 'id-ref', 'score'), ((1, 0), (4, 0))),
)),

'instance_attributes.primitive': (
{'id': (('id', False, ((1, 0), (4, 0))),),
 'id-ref': (('idref', False, ((1, 0), (4, 0))),),
 'score': (('score', False, ((1, 0), (4, 0))),)},
('all',
 (('nvpair', 'nvpair.parameter', 0, None, ((1, 0), (4, 0))),
  ('rule', 'rule.resources', 0, 1, ((1, 0), (4, 0))))),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another set', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not ('id-ref' in a)) or (not (('score' in a) or ('nvpair' in n) or ('rule' in n)))), 'has id-ref, and more beside it', 'with id-ref, give nothing else: the set that it names has everything', None, (), ('id', 'id-ref', 'score'), ((1, 0), (4, 0))),
)),

'lifetime': (
{},
('all', (('rule', 'rule.constraints', 1, None, ((1, 0), (4, 0))),)),
(
)),

'meta_attributes.alert': (
{'id': (('id', False, ((1, 0), (4, 0))),),
 'id-ref': (('idref', False, ((1, 0), (4, 0))),),
 'score': (('score', False, ((1, 0), (4, 0))),)},
('all',
 (('nvpair', 'nvpair', 0, None, ((1, 0), (4, 0))), ('rule', 'rule.constraints', 0, 1, ((1, 0), (4, 0))))),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another set', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not ('id-ref' in a)) or (not (('score' in a) or ('nvpair' in n) or ('rule' in n)))), 'has id-ref, and more beside it', 'with id-ref, give nothing else: the set that it names has everything', None, (), ('id', 'id-ref', 'score'), ((1, 0), (4, 0))),
)),

'meta_attributes.collective': (
{'id': (('id', False, ((1, 0), (4, 0))),),
 'id-ref': (('idref', False, ((1, 0), (4, 0))),),
 'score': (('score', False, ((1, 0), (4, 0))),)},
('all',
 (('nvpair', 'nvpair.collective_meta', 0, None, ((1, 0), (4, 0))),
  ('rule', 'rule.resources', 0, 1, ((1, 0), (4, 0))))),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another set', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not ('id-ref' in a)) or (not (('score' in a) or ('nvpair' in n) or ('rule' in n)))), 'has id-ref, and more beside it', 'with id-ref, give nothing else: the set that it names has everything', None, (), ('id', 'id-ref', 'score'), ((1, 0), (4, 0))),
)),

'meta_attributes.op': (
{'id': (('id', False, ((1, 0), (4, 0))),),
 'id-ref': (('idref', False, ((1, 0), (4, 0))),),
 'score': (('score', False, ((1, 0), (4, 0))),)},
('all',
 (('nvpair', 'nvpair.op_meta', 0, None, ((1, 0), (4, 0))),
  ('rule', 'rule.resources', 0, 1, ((1, 0), (4, 0))))),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another set', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not ('id-ref' in a)) or (not (('score' in a) or ('nvpair' in n) or ('rule' in n)))), 'has id-ref, and more beside it', 'with id-ref, give nothing else: the set that it names has everything', None, (), ('id', 'id-ref', 'score'), ((1, 0), (4, 0))),
)),

'meta_attributes.op_defaults': (
{'id': (('id', False, ((1, 0), (4, 0))),),
 'id-ref': (('idref', False, ((1, 0), (4, 0))),),
 'score': (('score', False, ((1, 0), (4, 0))),)},
('all',
 (('nvpair', 'nvpair.op_defaults', 0, None, ((1, 0), (4, 0))),
  ('rule', 'rule.options', 0, 1, ((1, 0), (4, 0))))),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another set', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not ('id-ref' in a)) or (not (('score' in a) or ('nvpair' in n) or ('rule' in n)))), 'has id-ref, and more beside it', 'with id-ref, give nothing else: the set that it names has everything', None, (), ('id', 'id-ref', 'score'), ((1, 0), (4, 0))),
)),

'meta_attributes.primitive': (
{'id': (('id', False, ((1, 0), (4, 0))),),
 'id-ref': (('idref', False, ((1, 0), (4, 0))),),
 'score': (('score', False, ((1, 0), (4, 0))),)},
('all',
 (('nvpair', 'nvpair.meta', 0, None, ((1, 0), (4, 0))),
  ('rule', 'rule.resources', 0, 1, ((1, 0), (4, 0))))),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another set', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not ('id-ref' in a)) or (not (('score' in a) or ('nvpair' in n) or ('rule' in n)))), 'has id-ref, and more beside it', 'with id-ref, give nothing else: the set that it names has everything', None, (), ('id', 'id-ref', 'score'), ((1, 0), (4, 0))),
)),

'meta_attributes.rsc_defaults': (
{'id': (('id', False, ((1, 0), (4, 0))),),
 'id-ref': (('idref', False, ((1, 0), (4, 0))),),
 'score': (('score', False, ((1, 0), (4, 0))),)},
('all',
 (('nvpair', 'nvpair.rsc_defaults', 0, None, ((1, 0), (4, 0))),
  ('rule', 'rule.options', 0, 1, ((1, 0), (4, 0))))),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another set', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not ('id-ref' in a)) or (not (('score' in a) or ('nvpair' in n) or ('rule' in n)))), 'has id-ref, and more beside it', 'with id-ref, give nothing else: the set that it names has everything', None, (), ('id', 'id-ref', 'score'), ((1, 0), (4, 0))),
)),

'network': (
{'add-host': (('boolean', False, ((3, 0), (4, 0))),),
 'control-port': (('integer', False, ((1, 0), (4, 0))),),
 'host-interface': (('text', False, ((1, 0), (4, 0))),),
 'host-netmask': (('integer', False, ((1, 0), (4, 0))),),
 'ip-range-start': (('text', False, ((1, 0), (4, 0))),)},
('all', (('port-mapping', 'port-mapping', 0, None, ((1, 0), (4, 0))),)),
(
)),

'node': (
{'description': (('text', False, ((1, 0), (4, 0))),),
 'id': (('text', True, ((1, 0), (4, 0))),),
 'score': (('score', False, ((1, 2), (4, 0))),),
 'type': (('node_type', True, ((1, 0), (1, 0))), ('node_type', False, ((1, 2), (4, 0)))),
 'uname': (('text', True, ((1, 0), (4, 0))),)},
('all',
 (('instance_attributes', 'instance_attributes', 0, None, ((1, 0), (4, 0))),
  ('utilization', 'utilization', 0, None, ((1, 2), (4, 0))))),
(
)),

'nodes': (
{},
('all', (('node', 'node', 0, None, ((1, 0), (4, 0))),)),
(
)),

'nothing': (
{},
('all', ()),
(
)),

'nvpair': (
{'id': (('id', True, ((1, 0), (1, 2))), ('id', False, ((1, 3), (4, 0)))),
 'id-ref': (('idref', False, ((1, 3), (4, 0))),),
 'name': (('text', True, ((1, 0), (1, 2))), ('text', False, ((1, 3), (4, 0)))),
 'value': (('text', False, ((1, 0), (4, 0))),)},
('all', ()),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another nvpair', None, (), ('id', 'id-ref'), ((1, 3), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((1, 3), (4, 0))),
(lambda a, n: (('name' in a) or ('id-ref' in a)), 'has no name', 'give name', None, (), ('name', 'id-ref'), ((1, 3), (4, 0))),
(lambda a, n: (('id' in a) or (not (('id-ref' in a) and ('value' in a)))), 'has id-ref, and a value beside it', 'remove value: the nvpair that id-ref names has it', None, (), ('id', 'id-ref', 'value'), ((1, 3), (4, 0))),
(lambda a, n: (('id' in a) or (not (('id-ref' in a) and ('name' in a)))), 'has id-ref, and a name beside it', 'remove name: the nvpair that id-ref names has it', None, (), ('id', 'id-ref', 'name'), ((4, 0), (4, 0))),
(lambda a, n: (('value' in a) or ('id-ref' in a)), 'has a name, but no value', 'give value', None, (), ('value', 'id-ref'), ((4, 0), (4, 0))),
)),

'nvpair.cluster_property_set': (
{'id': (('id', True, ((1, 0), (2, 10))), ('id', False, ((3, 0), (4, 0)))),
 'id-ref': (('idref', False, ((3, 0), (4, 0))),),
 'name': (('text', True, ((1, 0), (2, 10))), ('text', False, ((3, 0), (4, 0)))),
 'value': (('text', False, ((1, 0), (4, 0))),)},
('all', ()),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another nvpair', None, (), ('id', 'id-ref'), ((3, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((3, 0), (4, 0))),
(lambda a, n: (('name' in a) or ('id-ref' in a)), 'has no name', 'give name', None, (), ('name', 'id-ref'), ((3, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not (('id-ref' in a) and ('value' in a)))), 'has id-ref, and a value beside it', 'remove value: the nvpair that id-ref names has it', None, (), ('id', 'id-ref', 'value'), ((3, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not (('id-ref' in a) and ('name' in a)))), 'has id-ref, and a name beside it', 'remove name: the nvpair that id-ref names has it', None, (), ('id', 'id-ref', 'name'), ((4, 0), (4, 0))),
(lambda a, n: (('value' in a) or ('id-ref' in a)), 'has a name, but no value', 'give value', None, (), ('value', 'id-ref'), ((4, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ((c(a.get('name', '')) in {'cluster_recheck_interval', 'dc_deadtime', 'election_timeout', 'no_quorum_policy', 'remove_after_stop', 'shutdown_escalation', 'startup_fencing', 'stonith_action', 'stonith_enabled', 'stop_orphan_actions', 'stop_orphan_resources', 'symmetric_cluster'})))), "has an old spelling of an option's name", "write the option's name with hyphens instead of underscores", ('name', "translate(normalize-space(@name), '_', '-')"), ('name',), ('id', 'name'), ((3, 0), (3, 10))),
(lambda a, n: (not (('id' in a) and (c(a.get('name', '')) == 'transition_idle_timeout'))), 'has the old name of an option', "use the option's new name, cluster-delay", ('name', "'cluster-delay'"), ('name',), ('id', 'name'), ((3, 0), (3, 10))),
(lambda a, n: (not (('id' in a) and ((c(a.get('name', '')) in {'default-action-timeout', 'default_action_timeout'})))), 'sets an option that was removed', 'set timeout in op_defaults instead', None, ('name',), ('id', 'name'), ((3, 0), (3, 10))),
(lambda a, n: (not (('id' in a) and ((c(a.get('name', '')) in {'default-resource-stickiness', 'default_resource_stickiness'})))), 'sets an option that was removed', 'set resource-stickiness in rsc_defaults instead', None, ('name',), ('id', 'name'), ((3, 0), (3, 10))),
(lambda a, n: (not (('id' in a) and ((c(a.get('name', '')) in {'default-migration-threshold', 'default_migration_threshold', 'default-resource-failure-stickiness', 'default_resource_failure_stickiness'})))), 'sets an option that was removed', 'set migration-threshold in rsc_defaults instead', None, ('name',), ('id', 'name'), ((3, 0), (3, 10))),
(lambda a, n: (not (('id' in a) and ((c(a.get('name', '')) in {'is-managed-default', 'is_managed_default'})))), 'sets an option that was removed', 'set is-managed in rsc_defaults instead', None, ('name',), ('id', 'name'), ((3, 0), (3, 10))),
(lambda a, n: (not (('id' in a) and (c(a.get('name', '')) == 'expected-quorum-votes'))), 'sets an option that was removed', 'remove it: corosync keeps count of the votes', None, ('name',), ('id', 'name'), ((3, 0), (3, 10))),
(lambda a, n: (not (('id' in a) and ((c(a.get('name', '')) in {'notification-agent', 'notification-recipient'})))), 'sets an option that was removed', 'configure an alert (section alerts) instead', None, ('name',), ('id', 'name'), ((3, 0), (3, 10))),
(lambda a, n: ((not (('id' in a) and (c(a.get('name', '')) == 'cluster-infrastructure'))) or ('name' in a and a['name'] == 'cluster-infrastructure')), 'has white space around its name', 'write the name without white space around it', ('name', 'normalize-space(@name)'), ('name',), ('id', 'name'), ((3, 0), (3, 10))),
(lambda a, n: ((not (('id' in a) and ('name' in a and a['name'] == 'cluster-infrastructure'))) or ('value' in a)), 'has a name, but no value', 'give value', None, ('name',), ('id', 'name', 'value'), ((3, 0), (3, 10))),
(lambda a, n: (not ((('id' in a) and ('name' in a and a['name'] == 'cluster-infrastructure')) and ((c(a.get('value', '')) in {'heartbeat', 'openais', 'classic openais', 'classic openais (with plugin)', 'cman'})))), 'names a cluster infrastructure that was removed', 'remove it: corosync 2 or later is the only cluster infrastructure', None, ('name', 'value'), ('id', 'name', 'value'), ((3, 0), (3, 10))),
(lambda a, n: (not (('id' in a) and (c(a.get('name', '')) == 'crmd-finalization-timeout'))), 'has the old name of an option', "use the option's new name, join-finalization-timeout", ('name', "'join-finalization-timeout'"), ('name',), ('id', 'name'), ((4, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and (c(a.get('name', '')) == 'crmd-integration-timeout'))), 'has the old name of an option', "use the option's new name, join-integration-timeout", ('name', "'join-integration-timeout'"), ('name',), ('id', 'name'), ((4, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and (c(a.get('name', '')) == 'crmd-transition-delay'))), 'has the old name of an option', "use the option's new name, transition-delay", ('name', "'transition-delay'"), ('name',), ('id', 'name'), ((4, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and (c(a.get('name', '')) == 'remove-after-stop'))), 'sets an option that was removed', 'remove it: Pacemaker 3 has no such option', None, ('name',), ('id', 'name'), ((4, 0), (4, 0))),
(lambda a, n: ((not (('id' in a) and (c(a.get('name', '')) == 'stonith-action'))) or ('name' in a and a['name'] == 'stonith-action')), 'has white space around its name', 'write the name without white space around it', ('name', 'normalize-space(@name)'), ('name',), ('id', 'name'), ((4, 0), (4, 0))),
(lambda a, n: (not ((('id' in a) and ('name' in a and a['name'] == 'stonith-action')) and (c(a.get('value', '')) == 'poweroff'))), 'has the value poweroff, which was removed', 'write the value off instead of poweroff', ('value', "'off'"), ('name', 'value'), ('id', 'name', 'value'), ((4, 0), (4, 0))),
)),

'nvpair.collective_meta': (
{'id': (('id', True, ((1, 0), (1, 2))), ('id', False, ((1, 3), (4, 0)))),
 'id-ref': (('idref', False, ((1, 3), (4, 0))),),
 'name': (('text', True, ((1, 0), (1, 2))), ('text', False, ((1, 3), (4, 0)))),
 'value': (('text', False, ((1, 0), (4, 0))),)},
('all', ()),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another nvpair', None, (), ('id', 'id-ref'), ((1, 3), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((1, 3), (4, 0))),
(lambda a, n: (('name' in a) or ('id-ref' in a)), 'has no name', 'give name', None, (), ('name', 'id-ref'), ((1, 3), (4, 0))),
(lambda a, n: (('id' in a) or (not (('id-ref' in a) and ('value' in a)))), 'has id-ref, and a value beside it', 'remove value: the nvpair that id-ref names has it', None, (), ('id', 'id-ref', 'value'), ((1, 3), (4, 0))),
(lambda a, n: (('id' in a) or (not (('id-ref' in a) and ('name' in a)))), 'has id-ref, and a name beside it', 'remove name: the nvpair that id-ref names has it', None, (), ('id', 'id-ref', 'name'), ((4, 0), (4, 0))),
(lambda a, n: (('value' in a) or ('id-ref' in a)), 'has a name, but no value', 'give value', None, (), ('value', 'id-ref'), ((4, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and (c(a.get('name', '')) == 'restart-type'))), 'sets restart-type, which was removed', 'remove restart-type: Pacemaker 3 has no such option', None, ('name',), ('id', 'name'), ((4, 0), (4, 0))),
)),

'nvpair.meta': (
{'id': (('id', True, ((1, 0), (1, 2))), ('id', False, ((1, 3), (4, 0)))),
 'id-ref': (('idref', False, ((1, 3), (4, 0))),),
 'name': (('text', True, ((1, 0), (1, 2))), ('text', False, ((1, 3), (4, 0)))),
 'value': (('text', False, ((1, 0), (4, 0))),)},
('all', ()),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another nvpair', None, (), ('id', 'id-ref'), ((1, 3), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((1, 3), (4, 0))),
(lambda a, n: (('name' in a) or ('id-ref' in a)), 'has no name', 'give name', None, (), ('name', 'id-ref'), ((1, 3), (4, 0))),
(lambda a, n: (('id' in a) or (not (('id-ref' in a) and ('value' in a)))), 'has id-ref, and a value beside it', 'remove value: the nvpair that id-ref names has it', None, (), ('id', 'id-ref', 'value'), ((1, 3), (4, 0))),
(lambda a, n: (('id' in a) or (not (('id-ref' in a) and ('name' in a)))), 'has id-ref, and a name beside it', 'remove name: the nvpair that id-ref names has it', None, (), ('id', 'id-ref', 'name'), ((4, 0), (4, 0))),
(lambda a, n: (('value' in a) or ('id-ref' in a)), 'has a name, but no value', 'give value', None, (), ('value', 'id-ref'), ((4, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ((c(a.get('name', '')) in {'isolation', 'isolation-host', 'isolation-instance', 'isolation-wrapper'})))), 'sets an option that was removed', 'run the resource in a bundle instead', None, ('name',), ('id', 'name'), ((3, 0), (3, 10))),
(lambda a, n: (not (('id' in a) and (c(a.get('name', '')) == 'restart-type'))), 'sets restart-type, which was removed', 'remove restart-type: Pacemaker 3 has no such option', None, ('name',), ('id', 'name'), ((4, 0), (4, 0))),
)),

'nvpair.op_defaults': (
{'id': (('id', True, ((1, 0), (2, 10))), ('id', False, ((3, 0), (4, 0)))),
 'id-ref': (('idref', False, ((3, 0), (4, 0))),),
 'name': (('text', True, ((1, 0), (2, 10))), ('text', False, ((3, 0), (4, 0)))),
 'value': (('text', False, ((1, 0), (4, 0))),)},
('all', ()),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another nvpair', None, (), ('id', 'id-ref'), ((3, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((3, 0), (4, 0))),
(lambda a, n: (('name' in a) or ('id-ref' in a)), 'has no name', 'give name', None, (), ('name', 'id-ref'), ((3, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not (('id-ref' in a) and ('value' in a)))), 'has id-ref, and a value beside it', 'remove value: the nvpair that id-ref names has it', None, (), ('id', 'id-ref', 'value'), ((3, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not (('id-ref' in a) and ('name' in a)))), 'has id-ref, and a name beside it', 'remove name: the nvpair that id-ref names has it', None, (), ('id', 'id-ref', 'name'), ((4, 0), (4, 0))),
(lambda a, n: (('value' in a) or ('id-ref' in a)), 'has a name, but no value', 'give value', None, (), ('value', 'id-ref'), ((4, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ((c(a.get('name', '')) in {'can_fail', 'role_after_failure'})))), 'sets an option that was removed', 'remove it: Pacemaker 3 has no such option', None, ('name',), ('id', 'name'), ((4, 0), (4, 0))),
)),

'nvpair.op_meta': (
{'id': (('id', True, ((1, 0), (1, 2))), ('id', False, ((1, 3), (4, 0)))),
 'id-ref': (('idref', False, ((1, 3), (4, 0))),),
 'name': (('text', True, ((1, 0), (1, 2))), ('text', False, ((1, 3), (4, 0)))),
 'value': (('text', False, ((1, 0), (4, 0))),)},
('all', ()),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another nvpair', None, (), ('id', 'id-ref'), ((1, 3), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((1, 3), (4, 0))),
(lambda a, n: (('name' in a) or ('id-ref' in a)), 'has no name', 'give name', None, (), ('name', 'id-ref'), ((1, 3), (4, 0))),
(lambda a, n: (('id' in a) or (not (('id-ref' in a) and ('value' in a)))), 'has id-ref, and a value beside it', 'remove value: the nvpair that id-ref names has it', None, (), ('id', 'id-ref', 'value'), ((1, 3), (4, 0))),
(lambda a, n: (('id' in a) or (not (('id-ref' in a) and ('name' in a)))), 'has id-ref, and a name beside it', 'remove name: the nvpair that id-ref names has it', None, (), ('id', 'id-ref', 'name'), ((4, 0), (4, 0))),
(lambda a, n: (('value' in a) or ('id-ref' in a)), 'has a name, but no value', 'give value', None, (), ('value', 'id-ref'), ((4, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and (c(a.get('name', '')) == 'requires'))), 'sets requires, which is no option of an operation any more', 'put requires into the meta_attributes of the resource', None, ('name',), ('id', 'name'), ((3, 0), (3, 10))),
(lambda a, n: (not (('id' in a) and ((c(a.get('name', '')) in {'can_fail', 'role_after_failure'})))), 'sets an option that was removed', 'remove it: Pacemaker 3 has no such option', None, ('name',), ('id', 'name'), ((4, 0), (4, 0))),
)),

'nvpair.op_parameter': (
{'id': (('id', True, ((1, 0), (1, 2))), ('id', False, ((1, 3), (4, 0)))),
 'id-ref': (('idref', False, ((1, 3), (4, 0))),),
 'name': (('text', True, ((1, 0), (1, 2))), ('text', False, ((1, 3), (4, 0)))),
 'value': (('text', False, ((1, 0), (4, 0))),)},
('all', ()),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another nvpair', None, (), ('id', 'id-ref'), ((1, 3), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((1, 3), (4, 0))),
(lambda a, n: (('name' in a) or ('id-ref' in a)), 'has no name', 'give name', None, (), ('name', 'id-ref'), ((1, 3), (4, 0))),
(lambda a, n: (('id' in a) or (not (('id-ref' in a) and ('value' in a)))), 'has id-ref, and a value beside it', 'remove value: the nvpair that id-ref names has it', None, (), ('id', 'id-ref', 'value'), ((1, 3), (4, 0))),
(lambda a, n: (('id' in a) or (not (('id-ref' in a) and ('name' in a)))), 'has id-ref, and a name beside it', 'remove name: the nvpair that id-ref names has it', None, (), ('id', 'id-ref', 'name'), ((4, 0), (4, 0))),
(lambda a, n: (('value' in a) or ('id-ref' in a)), 'has a name, but no value', 'give value', None, (), ('value', 'id-ref'), ((4, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ((c(a.get('name', '')) in {'interval-origin', 'start-delay', 'enabled', 'on-fail', 'record-pending', 'role', 'timeout'})))), "sets an option of the operation among the agent's parameters", "make it an attribute of op, or put it into the operation's meta_attributes", None, ('name',), ('id', 'name'), ((3, 0), (3, 0))),
(lambda a, n: (not (('id' in a) and (c(a.get('name', '')) == 'requires'))), 'sets requires, which is no option of an operation any more', 'put requires into the meta_attributes of the resource', None, ('name',), ('id', 'name'), ((3, 0), (3, 0))),
)),

'nvpair.options': (
{'id': (('id', True, ((1, 0), (2, 10))), ('id', False, ((3, 0), (4, 0)))),
 'id-ref': (('idref', False, ((3, 0), (4, 0))),),
 'name': (('text', True, ((1, 0), (2, 10))), ('text', False, ((3, 0), (4, 0)))),
 'value': (('text', False, ((1, 0), (4, 0))),)},
('all', ()),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another nvpair', None, (), ('id', 'id-ref'), ((3, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((3, 0), (4, 0))),
(lambda a, n: (('name' in a) or ('id-ref' in a)), 'has no name', 'give name', None, (), ('name', 'id-ref'), ((3, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not (('id-ref' in a) and ('value' in a)))), 'has id-ref, and a value beside it', 'remove value: the nvpair that id-ref names has it', None, (), ('id', 'id-ref', 'value'), ((3, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not (('id-ref' in a) and ('name' in a)))), 'has id-ref, and a name beside it', 'remove name: the nvpair that id-ref names has it', None, (), ('id', 'id-ref', 'name'), ((4, 0), (4, 0))),
(lambda a, n: (('value' in a) or ('id-ref' in a)), 'has a name, but no value', 'give value', None, (), ('value', 'id-ref'), ((4, 0), (4, 0))),
)),

'nvpair.parameter': (
{'id': (('id', True, ((1, 0), (1, 2))), ('id', False, ((1, 3), (4, 0)))),
 'id-ref': (('idref', False, ((1, 3), (4, 0))),),
 'name': (('text', True, ((1, 0), (1, 2))), ('text', False, ((1, 3), (4, 0)))),
 'value': (('text', False, ((1, 0), (4, 0))),)},
('all', ()),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another nvpair', None, (), ('id', 'id-ref'), ((1, 3), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((1, 3), (4, 0))),
(lambda a, n: (('name' in a) or ('id-ref' in a)), 'has no name', 'give name', None, (), ('name', 'id-ref'), ((1, 3), (4, 0))),
(lambda a, n: (('id' in a) or (not (('id-ref' in a) and ('value' in a)))), 'has id-ref, and a value beside it', 'remove value: the nvpair that id-ref names has it', None, (), ('id', 'id-ref', 'value'), ((1, 3), (4, 0))),
(lambda a, n: (('id' in a) or (not (('id-ref' in a) and ('name' in a)))), 'has id-ref, and a name beside it', 'remove name: the nvpair that id-ref names has it', None, (), ('id', 'id-ref', 'name'), ((4, 0), (4, 0))),
(lambda a, n: (('value' in a) or ('id-ref' in a)), 'has a name, but no value', 'give value', None, (), ('value', 'id-ref'), ((4, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and (c(a.get('name', '')) == 'pcmk_arg_map'))), 'sets a parameter that was removed', 'use pcmk_host_argument instead', None, ('name',), ('id', 'name'), ((3, 0), (3, 0))),
(lambda a, n: (not (('id' in a) and ((c(a.get('name', '')) in {'pcmk_list_cmd', 'pcmk_monitor_cmd', 'pcmk_off_cmd', 'pcmk_on_cmd', 'pcmk_reboot_cmd', 'pcmk_status_cmd'})))), 'has the old name of a parameter', "use the parameter's new name, which ends in _action instead of _cmd", ('name', "concat(substring-before(normalize-space(@name), '_cmd'), '_action')"), ('name',), ('id', 'name'), ((3, 0), (3, 0))),
)),

'nvpair.rsc_defaults': (
{'id': (('id', True, ((1, 0), (2, 10))), ('id', False, ((3, 0), (4, 0)))),
 'id-ref': (('idref', False, ((3, 0), (4, 0))),),
 'name': (('text', True, ((1, 0), (2, 10))), ('text', False, ((3, 0), (4, 0)))),
 'value': (('text', False, ((1, 0), (4, 0))),)},
('all', ()),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another nvpair', None, (), ('id', 'id-ref'), ((3, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((3, 0), (4, 0))),
(lambda a, n: (('name' in a) or ('id-ref' in a)), 'has no name', 'give name', None, (), ('name', 'id-ref'), ((3, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not (('id-ref' in a) and ('value' in a)))), 'has id-ref, and a value beside it', 'remove value: the nvpair that id-ref names has it', None, (), ('id', 'id-ref', 'value'), ((3, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not (('id-ref' in a) and ('name' in a)))), 'has id-ref, and a name beside it', 'remove name: the nvpair that id-ref names has it', None, (), ('id', 'id-ref', 'name'), ((4, 0), (4, 0))),
(lambda a, n: (('value' in a) or ('id-ref' in a)), 'has a name, but no value', 'give value', None, (), ('value', 'id-ref'), ((4, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and (c(a.get('name', '')) == 'restart-type'))), 'sets restart-type, which was removed', 'remove restart-type: Pacemaker 3 has no such option', None, ('name',), ('id', 'name'), ((4, 0), (4, 0))),
)),

'obj_ref': (
{'id': (('idref', True, ((1, 0), (3, 2))), ('text', True, ((3, 3), (4, 0))))},
('all', ()),
(
)),

'op': (
{'description': (('text', False, ((1, 0), (4, 0))),),
 'enabled': (('boolean', False, ((1, 0), (4, 0))),),
 'id': (('id', True, ((1, 0), (4, 0))),),
 'interval': (('text', True, ((1, 0), (4, 0))),),
 'interval-origin': (('text', False, ((1, 0), (4, 0))),),
 'name': (('text', True, ((1, 0), (4, 0))),),
 'on-fail': (('on-fail', False, ((1, 0), (4, 0))),),
 'record-pending': (('boolean', False, ((1, 0), (4, 0))),),
 'requires': (('requires', False, ((1, 0), (2, 10))),),
 'role': (('role_name', False, ((1, 0), (4, 0))),),
 'start-delay': (('text', False, ((1, 0), (4, 0))),),
 'timeout': (('text', False, ((1, 0), (4, 0))),)},
('all',
 (('instance_attributes', 'instance_attributes.op', 0, None, ((1, 0), (4, 0))),
  ('meta_attributes', 'meta_attributes.op', 0, None, ((1, 0), (4, 0))))),
(
(lambda a, n: (not (('interval-origin' in a) and ('start-delay' in a))), 'has both interval-origin and start-delay', 'give either interval-origin or start-delay, not both', None, (), ('interval-origin', 'start-delay'), ((1, 0), (4, 0))),
)),

'op_defaults': (
{},
('all', (('meta_attributes', 'meta_attributes.op_defaults', 0, None, ((1, 0), (4, 0))),)),
(
)),

'op_expression': (
{'id': (('id', True, ((1, 0), (4, 0))),),
 'interval': (('text', False, ((1, 0), (4, 0))),),
 'name': (('text', True, ((1, 0), (4, 0))),)},
('all', ()),
(
)),

'operations': (
{'id': (('id', False, ((1, 0), (4, 0))),), 'id-ref': (('idref', False, ((1, 0), (4, 0))),)},
('all', (('op', 'op', 0, None, ((1, 0), (4, 0))),)),
(
)),

'port-mapping': (
{'id': (('id', True, ((1, 0), (4, 0))),),
 'internal-port': (('integer', False, ((1, 0), (4, 0))),),
 'port': (('integer', False, ((1, 0), (4, 0))),),
 'range': (('port_range', False, ((1, 0), (4, 0))),)},
('all', ()),
(
(lambda a, n: (('port' in a) or ('range' in a)), 'names no port', 'say which ports: give port or range', None, (), ('port', 'range'), ((1, 0), (4, 0))),
(lambda a, n: (not (('range' in a) and (('port' in a) or ('internal-port' in a)))), 'has both range and port', 'give either range, or port with or without internal-port', None, (), ('range', 'port', 'internal-port'), ((1, 0), (4, 0))),
)),

'primitive': (
{'class': (('class', True, ((1, 0), (1, 0))), ('class', False, ((1, 2), (4, 0)))),
 'description': (('text', False, ((1, 0), (4, 0))),),
 'id': (('id', True, ((1, 0), (4, 0))),),
 'provider': (('text', False, ((1, 0), (4, 0))),),
 'template': (('idref', False, ((1, 2), (4, 0))),),
 'type': (('text', True, ((1, 0), (1, 0))), ('text', False, ((1, 2), (4, 0))))},
('all',
 (('operations', 'operations', 0, 1, ((1, 0), (4, 0))),
  ('instance_attributes', 'instance_attributes.primitive', 0, None, ((1, 0), (4, 0))),
  ('meta_attributes', 'meta_attributes.primitive', 0, None, ((1, 0), (4, 0))),
  ('utilization', 'utilization', 0, None, ((1, 2), (4, 0))))),
(
(lambda a, n: (('template' in a) or (('class' in a) and ('type' in a))), 'names no agent', 'say which agent runs it: give class and type, or a template that has them', None, (), ('template', 'class', 'type'), ((1, 2), (4, 0))),
(lambda a, n: (not (('template' in a) and (('class' in a) or ('provider' in a) or ('type' in a)))), 'has a template, and an agent of its own beside it', 'give either template, or class, provider and type: the template has them already', None, (), ('template', 'class', 'provider', 'type'), ((1, 2), (4, 0))),
(lambda a, n: ((not (c(a.get('class', '')) == 'ocf')) or ('provider' in a) or ('template' in a)), 'is of class ocf, but has no provider', 'give provider: agents of class ocf have one, such as heartbeat or pacemaker', None, ('class',), ('class', 'provider', 'template'), ((1, 0), (4, 0))),
(lambda a, n: ((not (('class' in a) and ('provider' in a))) or ('template' in a) or (c(a.get('class', '')) in {'ocf'})), 'has a provider, but is not of class ocf', 'remove provider: only agents of class ocf have one', None, ('class',), ('class', 'provider', 'template'), ((1, 0), (4, 0))),
)),

'recipient': (
{'description': (('text', False, ((1, 0), (4, 0))),),
 'id': (('id', True, ((1, 0), (4, 0))),),
 'value': (('text', True, ((1, 0), (4, 0))),)},
('all',
 (('instance_attributes', 'instance_attributes.alert', 0, None, ((1, 0), (4, 0))),
  ('meta_attributes', 'meta_attributes.alert', 0, None, ((1, 0), (4, 0))))),
(
)),

'resource_ref': (
{'id': (('idref', True, ((1, 0), (4, 0))),)},
('all', ()),
(
)),

'resource_set': (
{'action': (('action', False, ((1, 0), (4, 0))),),
 'id': (('id', False, ((1, 0), (4, 0))),),
 'id-ref': (('idref', False, ((1, 0), (4, 0))),),
 'kind': (('order_kind', False, ((3, 0), (4, 0))),),
 'ordering': (('ordering', False, ((2, 1), (4, 0))),),
 'require-all': (('boolean', False, ((1, 2), (4, 0))),),
 'role': (('role_name', False, ((1, 0), (4, 0))),),
 'score': (('score', False, ((1, 0), (4, 0))),),
 'sequential': (('boolean', False, ((1, 0), (4, 0))),)},
('all', (('resource_ref', 'resource_ref', 0, None, ((1, 0), (4, 0))),)),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another set', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not ('id-ref' in a)) or (not (('sequential' in a) or ('require-all' in a) or ('ordering' in a) or ('action' in a) or ('role' in a) or ('score' in a) or ('kind' in a) or ('resource_ref' in n)))), 'has id-ref, and more beside it', 'with id-ref, give nothing else: the set that it names has everything', None, (), ('id', 'id-ref', 'sequential', 'require-all', 'ordering', 'action', 'role', 'score', 'kind'), ((1, 0), (4, 0))),
(lambda a, n: (('id-ref' in a) or ('resource_ref' in n)), 'is empty', 'put in at least one resource_ref', None, (), ('id-ref',), ((1, 0), (4, 0))),
(lambda a, n: (('id-ref' in a) or (not (('score' in a) and ('kind' in a)))), 'has both kind and score', 'give either kind or score, not both', None, (), ('id-ref', 'score', 'kind'), ((3, 0), (4, 0))),
)),

'resources': (
{},
('all',
 (('primitive', 'primitive', 0, None, ((1, 0), (4, 0))),
  ('template', 'template', 0, None, ((1, 2), (4, 0))),
  ('group', 'group', 0, None, ((1, 0), (4, 0))),
  ('clone', 'clone', 0, None, ((1, 0), (4, 0))),
  ('master', 'clone', 0, None, ((1, 0), (3, 10))),
  ('bundle', 'bundle', 0, None, ((2, 8), (4, 0))))),
(
)),

'role': (
{'id': (('idref', True, ((1, 0), (4, 0))),)},
('all', ()),
(
)),

'rsc_colocation': (
{'id': (('id', True, ((1, 0), (4, 0))),),
 'influence': (('text', False, ((3, 6), (4, 0))),),
 'node-attribute': (('text', False, ((1, 0), (4, 0))),),
 'rsc': (('idref', False, ((1, 0), (4, 0))),),
 'rsc-role': (('role_name', False, ((1, 0), (4, 0))),),
 'score': (('score', False, ((1, 0), (4, 0))),),
 'score-attribute': (('text', False, ((1, 0), (2, 10))),),
 'score-attribute-mangle': (('text', False, ((1, 0), (2, 10))),),
 'with-rsc': (('idref', False, ((1, 0), (4, 0))),),
 'with-rsc-role': (('role_name', False, ((1, 0), (4, 0))),)},
('sequence',
 ((0, 1, (('lifetime', 'lifetime', 0, 1, ((1, 0), (3, 10))),)),
  (0, None, (('resource_set', 'resource_set', 0, None, ((1, 0), (4, 0))),)))),
(
(lambda a, n: (('resource_set' in n) or ('rsc' in a) or ('with-rsc' in a)), 'names no resources', 'say which resources are meant: give rsc and with-rsc, or put in resource_set elements', None, (), ('rsc', 'with-rsc'), ((1, 0), (4, 0))),
(lambda a, n: (('resource_set' in n) or ('with-rsc' in a) or (not ('rsc' in a))), 'has rsc, but no with-rsc', 'give with-rsc: the resource beside which the one in rsc is placed', None, (), ('with-rsc', 'rsc'), ((1, 0), (4, 0))),
(lambda a, n: (('resource_set' in n) or ('rsc' in a) or (not ('with-rsc' in a))), 'has with-rsc, but no rsc', 'give rsc: the resource that is placed beside the one in with-rsc', None, (), ('rsc', 'with-rsc'), ((1, 0), (4, 0))),
(lambda a, n: (not (('resource_set' in n) and (('rsc' in a) or ('with-rsc' in a)))), 'names resources in more than one way', 'give either rsc and with-rsc, or resource_set elements, not both', None, (), ('rsc', 'with-rsc'), ((1, 0), (4, 0))),
(lambda a, n: ((not (('resource_set' in n) and (('rsc-role' in a) or ('with-rsc-role' in a)))) or ('rsc' in a) or ('with-rsc' in a)), 'has both a role and resource_set elements', 'give the role on each resource_set: rsc-role and with-rsc-role go with rsc and with-rsc only', None, (), ('rsc-role', 'with-rsc-role', 'rsc', 'with-rsc'), ((1, 0), (4, 0))),
(lambda a, n: ((not (('resource_set' in n) and ('node-attribute' in a))) or ('rsc' in a) or ('with-rsc' in a)), 'has both node-attribute and resource_set elements', 'remove node-attribute: it goes with rsc and with-rsc only, not with resource_set elements', None, (), ('node-attribute', 'rsc', 'with-rsc'), ((1, 0), (4, 0))),
(lambda a, n: (not ((('score' in a) and ('score-attribute' in a)) or (('score' in a) and ('score-attribute-mangle' in a)) or (('score-attribute' in a) and ('score-attribute-mangle' in a)))), 'has more than one score', 'give only one of score, score-attribute and score-attribute-mangle', None, (), ('score', 'score-attribute', 'score-attribute-mangle'), ((1, 0), (2, 10))),
)),

'rsc_defaults': (
{},
('all', (('meta_attributes', 'meta_attributes.rsc_defaults', 0, None, ((1, 0), (4, 0))),)),
(
)),

'rsc_expression': (
{'class': (('text', False, ((1, 0), (4, 0))),),
 'id': (('id', True, ((1, 0), (4, 0))),),
 'provider': (('text', False, ((1, 0), (4, 0))),),
 'type': (('text', False, ((1, 0), (4, 0))),)},
('all', ()),
(
)),

'rsc_location': (
{'id': (('id', True, ((1, 0), (4, 0))),),
 'node': (('text', False, ((1, 0), (4, 0))),),
 'resource-discovery': (('resource-discovery', False, ((2, 2), (4, 0))),),
 'role': (('role_name', False, ((1, 2), (4, 0))),),
 'rsc': (('idref', True, ((1, 0), (1, 0))), ('idref', False, ((1, 2), (4, 0)))),
 'rsc-pattern': (('text', False, ((2, 6), (4, 0))),),
 'score': (('score', False, ((1, 0), (4, 0))),)},
('sequence',
 ((0, None, (('resource_set', 'resource_set', 0, None, ((1, 2), (4, 0))),)),
  (0, None, (('rule', 'rule.constraints', 0, None, ((1, 0), (3, 10))),)),
  (0, 1, (('rule', 'rule.constraints', 0, 1, ((4, 0), (4, 0))),)),
  (0, 1, (('lifetime', 'lifetime', 0, 1, ((1, 0), (3, 10))),)))),
(
(lambda a, n: (('rsc' in a) or ('resource_set' in n)), 'names no resource', 'say which resource is meant: give rsc, or put in resource_set elements', None, (), ('rsc',), ((1, 2), (2, 5))),
(lambda a, n: (('rsc' in a) or ('rsc-pattern' in a) or ('resource_set' in n)), 'names no resource', 'say which resource is meant: give rsc or rsc-pattern, or put in resource_set elements', None, (), ('rsc', 'rsc-pattern'), ((2, 6), (4, 0))),
(lambda a, n: (not (('rsc' in a) and ('rsc-pattern' in a))), 'has both rsc and rsc-pattern', 'give either rsc or rsc-pattern, not both', None, (), ('rsc', 'rsc-pattern'), ((2, 6), (4, 0))),
(lambda a, n: (not (('rsc' in a) and ('resource_set' in n))), 'has both rsc and resource_set elements', 'give either rsc or resource_set elements, not both', None, (), ('rsc',), ((1, 2), (2, 5))),
(lambda a, n: (not ((('rsc' in a) or ('rsc-pattern' in a)) and ('resource_set' in n))), 'names resources in more than one way', 'give either rsc, rsc-pattern or resource_set elements, not several of them', None, (), ('rsc', 'rsc-pattern'), ((2, 6), (4, 0))),
(lambda a, n: ((not (('role' in a) and ('resource_set' in n))) or ('rsc' in a) or ('rsc-pattern' in a)), 'has both a role and resource_set elements', 'give the role on each resource_set, not on the constraint', None, (), ('role', 'rsc', 'rsc-pattern'), ((1, 2), (4, 0))),
(lambda a, n: (('rule' in n) or ('node' in a) or ('score' in a)), 'says nothing about where the resource may run', 'say where: give node and score, or put in a rule', None, (), ('node', 'score'), ((1, 0), (4, 0))),
(lambda a, n: (('rule' in n) or ('score' in a) or (not ('node' in a))), 'has a node, but no score', 'give a score: how much the resource wants to be on the node (INFINITY, -INFINITY or a number)', None, (), ('score', 'node'), ((1, 0), (4, 0))),
(lambda a, n: (('rule' in n) or ('node' in a) or (not ('score' in a))), 'has a score, but no node', 'say where the score counts: give node, or put in a rule that has the score', None, (), ('node', 'score'), ((1, 0), (4, 0))),
(lambda a, n: (not (('rule' in n) and (('node' in a) or ('score' in a)))), 'has a rule, and a node or score beside it', 'give either node and score, or a rule: its score belongs on the rule itself', None, (), ('node', 'score'), ((1, 0), (4, 0))),
)),

'rsc_order': (
{'first': (('idref', False, ((1, 0), (4, 0))),),
 'first-action': (('action', False, ((1, 0), (4, 0))),),
 'id': (('id', True, ((1, 0), (4, 0))),),
 'kind': (('order_kind', False, ((1, 0), (4, 0))),),
 'require-all': (('boolean', False, ((2, 3), (4, 0))),),
 'score': (('score', False, ((1, 0), (4, 0))),),
 'symmetrical': (('boolean', False, ((1, 0), (4, 0))),),
 'then': (('idref', False, ((1, 0), (4, 0))),),
 'then-action': (('action', False, ((1, 0), (4, 0))),)},
('sequence',
 ((0, 1, (('lifetime', 'lifetime', 0, 1, ((1, 0), (3, 10))),)),
  (0, None, (('resource_set', 'resource_set', 0, None, ((1, 0), (4, 0))),)))),
(
(lambda a, n: (('resource_set' in n) or ('first' in a) or ('then' in a)), 'names no resources', 'say which resources are meant: give first and then, or put in resource_set elements', None, (), ('first', 'then'), ((1, 0), (4, 0))),
(lambda a, n: (('resource_set' in n) or ('then' in a) or (not ('first' in a))), 'has first, but no then', 'give then: the resource that waits for the one in first', None, (), ('then', 'first'), ((1, 0), (4, 0))),
(lambda a, n: (('resource_set' in n) or ('first' in a) or (not ('then' in a))), 'has then, but no first', 'give first: the resource that the one in then waits for', None, (), ('first', 'then'), ((1, 0), (4, 0))),
(lambda a, n: (not (('resource_set' in n) and (('first' in a) or ('then' in a)))), 'names resources in more than one way', 'give either first and then, or resource_set elements, not both', None, (), ('first', 'then'), ((1, 0), (4, 0))),
(lambda a, n: ((not (('resource_set' in n) and (('first-action' in a) or ('then-action' in a)))) or ('first' in a) or ('then' in a)), 'has both an action and resource_set elements', 'give the action on each resource_set: first-action and then-action go with first and then only', None, (), ('first-action', 'then-action', 'first', 'then'), ((1, 0), (4, 0))),
(lambda a, n: (not (('score' in a) and ('kind' in a))), 'has both kind and score', 'give either kind or score, not both', None, (), ('score', 'kind'), ((1, 0), (4, 0))),
)),

'rsc_ticket': (
{'id': (('id', True, ((1, 0), (4, 0))),),
 'loss-policy': (('loss-policy', False, ((1, 0), (4, 0))),),
 'rsc': (('idref', False, ((1, 0), (4, 0))),),
 'rsc-role': (('role_name', False, ((1, 0), (4, 0))),),
 'ticket': (('text', True, ((1, 0), (4, 0))),)},
('all', (('resource_set', 'resource_set', 0, None, ((1, 0), (4, 0))),)),
(
(lambda a, n: (('resource_set' in n) or ('rsc' in a)), 'names no resource', 'say which resource needs the ticket: give rsc, or put in resource_set elements', None, (), ('rsc',), ((1, 0), (4, 0))),
(lambda a, n: (not (('resource_set' in n) and ('rsc' in a))), 'has both rsc and resource_set elements', 'give either rsc or resource_set elements, not both', None, (), ('rsc',), ((1, 0), (4, 0))),
(lambda a, n: ((not (('resource_set' in n) and ('rsc-role' in a))) or ('rsc' in a)), 'has both a role and resource_set elements', 'give the role on each resource_set: rsc-role goes with rsc only', None, (), ('rsc-role', 'rsc'), ((1, 0), (4, 0))),
)),

'rule': (
{'boolean-op': (('boolean-op', False, ((1, 0), (4, 0))),),
 'id': (('id', False, ((1, 0), (4, 0))),),
 'id-ref': (('idref', False, ((1, 0), (4, 0))),),
 'role': (('text', False, ((1, 0), (4, 0))),),
 'score': (('score', False, ((1, 0), (4, 0))),),
 'score-attribute': (('text', False, ((1, 0), (4, 0))),)},
('all', ()),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another rule', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not ('id-ref' in a)) or (not (('boolean-op' in a) or ('role' in a) or ('score' in a) or ('score-attribute' in a) or ('rule' in n) or ('expression' in n) or ('date_expression' in n) or ('rsc_expression' in n) or ('op_expression' in n)))), 'has id-ref, and more beside it', 'with id-ref, give nothing else: the rule that it names has everything', None, (), ('id', 'id-ref', 'boolean-op', 'role', 'score', 'score-attribute'), ((1, 0), (4, 0))),
(lambda a, n: (('id-ref' in a) or ('score' in a) or ('score-attribute' in a)), 'has neither score nor score-attribute', 'give score or score-attribute', None, (), ('id-ref', 'score', 'score-attribute'), ((1, 0), (3, 8))),
(lambda a, n: (('id-ref' in a) or (not (('score' in a) and ('score-attribute' in a)))), 'has both score and score-attribute', 'give either score or score-attribute, not both', None, (), ('id-ref', 'score', 'score-attribute'), ((1, 0), (4, 0))),
(lambda a, n: (('id-ref' in a) or ('rule' in n) or ('expression' in n) or ('date_expression' in n) or ('rsc_expression' in n) or ('op_expression' in n)), 'has no expression in it', 'put in at least one expression', None, (), ('id-ref',), ((1, 0), (4, 0))),
)),

'rule.constraints': (
{'boolean-op': (('boolean-op', False, ((1, 0), (4, 0))),),
 'id': (('id', False, ((1, 0), (4, 0))),),
 'id-ref': (('idref', False, ((1, 0), (4, 0))),),
 'role': (('text', False, ((1, 0), (4, 0))),),
 'score': (('score', False, ((1, 0), (4, 0))),),
 'score-attribute': (('text', False, ((1, 0), (4, 0))),)},
('all',
 (('rule', 'rule.constraints', 0, None, ((1, 0), (4, 0))),
  ('expression', 'expression', 0, None, ((1, 0), (4, 0))),
  ('date_expression', 'date_expression', 0, None, ((1, 0), (4, 0))),
  ('rsc_expression', 'rsc_expression', 0, None, ((3, 5), (4, 0))),
  ('op_expression', 'op_expression', 0, None, ((3, 5), (4, 0))))),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another rule', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not ('id-ref' in a)) or (not (('boolean-op' in a) or ('role' in a) or ('score' in a) or ('score-attribute' in a) or ('rule' in n) or ('expression' in n) or ('date_expression' in n) or ('rsc_expression' in n) or ('op_expression' in n)))), 'has id-ref, and more beside it', 'with id-ref, give nothing else: the rule that it names has everything', None, (), ('id', 'id-ref', 'boolean-op', 'role', 'score', 'score-attribute'), ((1, 0), (4, 0))),
(lambda a, n: (('id-ref' in a) or ('score' in a) or ('score-attribute' in a)), 'has neither score nor score-attribute', 'give score or score-attribute', None, (), ('id-ref', 'score', 'score-attribute'), ((1, 0), (3, 8))),
(lambda a, n: (('id-ref' in a) or (not (('score' in a) and ('score-attribute' in a)))), 'has both score and score-attribute', 'give either score or score-attribute, not both', None, (), ('id-ref', 'score', 'score-attribute'), ((1, 0), (4, 0))),
(lambda a, n: (('id-ref' in a) or ('rule' in n) or ('expression' in n) or ('date_expression' in n) or ('rsc_expression' in n) or ('op_expression' in n)), 'has no expression in it', 'put in at least one expression', None, (), ('id-ref',), ((1, 0), (4, 0))),
)),

'rule.options': (
{'boolean-op': (('boolean-op', False, ((1, 0), (4, 0))),),
 'id': (('id', False, ((1, 0), (4, 0))),),
 'id-ref': (('idref', False, ((1, 0), (4, 0))),),
 'role': (('text', False, ((1, 0), (4, 0))),),
 'score': (('score', False, ((1, 0), (4, 0))),),
 'score-attribute': (('text', False, ((1, 0), (4, 0))),)},
('all',
 (('rule', 'rule.options', 0, None, ((1, 0), (4, 0))),
  ('expression', 'expression.options', 0, None, ((1, 0), (4, 0))),
  ('date_expression', 'date_expression', 0, None, ((1, 0), (4, 0))),
  ('rsc_expression', 'rsc_expression', 0, None, ((3, 4), (4, 0))),
  ('op_expression', 'op_expression', 0, None, ((3, 4), (4, 0))))),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another rule', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not ('id-ref' in a)) or (not (('boolean-op' in a) or ('role' in a) or ('score' in a) or ('score-attribute' in a) or ('rule' in n) or ('expression' in n) or ('date_expression' in n) or ('rsc_expression' in n) or ('op_expression' in n)))), 'has id-ref, and more beside it', 'with id-ref, give nothing else: the rule that it names has everything', None, (), ('id', 'id-ref', 'boolean-op', 'role', 'score', 'score-attribute'), ((1, 0), (4, 0))),
(lambda a, n: (('id-ref' in a) or ('score' in a) or ('score-attribute' in a)), 'has neither score nor score-attribute', 'give score or score-attribute', None, (), ('id-ref', 'score', 'score-attribute'), ((1, 0), (3, 8))),
(lambda a, n: (('id-ref' in a) or (not (('score' in a) and ('score-attribute' in a)))), 'has both score and score-attribute', 'give either score or score-attribute, not both', None, (), ('id-ref', 'score', 'score-attribute'), ((1, 0), (4, 0))),
(lambda a, n: (('id-ref' in a) or ('rule' in n) or ('expression' in n) or ('date_expression' in n) or ('rsc_expression' in n) or ('op_expression' in n)), 'has no expression in it', 'put in at least one expression', None, (), ('id-ref',), ((1, 0), (4, 0))),
)),

'rule.resources': (
{'boolean-op': (('boolean-op', False, ((1, 0), (4, 0))),),
 'id': (('id', False, ((1, 0), (4, 0))),),
 'id-ref': (('idref', False, ((1, 0), (4, 0))),),
 'role': (('text', False, ((1, 0), (4, 0))),),
 'score': (('score', False, ((1, 0), (4, 0))),),
 'score-attribute': (('text', False, ((1, 0), (4, 0))),)},
('all',
 (('rule', 'rule.resources', 0, None, ((1, 0), (4, 0))),
  ('expression', 'expression', 0, None, ((1, 0), (4, 0))),
  ('date_expression', 'date_expression', 0, None, ((1, 0), (4, 0))),
  ('rsc_expression', 'rsc_expression', 0, None, ((3, 4), (4, 0))),
  ('op_expression', 'op_expression', 0, None, ((3, 4), (4, 0))))),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another rule', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not ('id-ref' in a)) or (not (('boolean-op' in a) or ('role' in a) or ('score' in a) or ('score-attribute' in a) or ('rule' in n) or ('expression' in n) or ('date_expression' in n) or ('rsc_expression' in n) or ('op_expression' in n)))), 'has id-ref, and more beside it', 'with id-ref, give nothing else: the rule that it names has everything', None, (), ('id', 'id-ref', 'boolean-op', 'role', 'score', 'score-attribute'), ((1, 0), (4, 0))),
(lambda a, n: (('id-ref' in a) or ('score' in a) or ('score-attribute' in a)), 'has neither score nor score-attribute', 'give score or score-attribute', None, (), ('id-ref', 'score', 'score-attribute'), ((1, 0), (3, 8))),
(lambda a, n: (('id-ref' in a) or (not (('score' in a) and ('score-attribute' in a)))), 'has both score and score-attribute', 'give either score or score-attribute, not both', None, (), ('id-ref', 'score', 'score-attribute'), ((1, 0), (4, 0))),
(lambda a, n: (('id-ref' in a) or ('rule' in n) or ('expression' in n) or ('date_expression' in n) or ('rsc_expression' in n) or ('op_expression' in n)), 'has no expression in it', 'put in at least one expression', None, (), ('id-ref',), ((1, 0), (4, 0))),
)),

'select': (
{},
('all',
 (('select_nodes', 'nothing', 0, 1, ((1, 0), (4, 0))),
  ('select_fencing', 'nothing', 0, 1, ((1, 0), (4, 0))),
  ('select_resources', 'nothing', 0, 1, ((1, 0), (4, 0))),
  ('select_attributes', 'select_attributes', 0, 1, ((1, 0), (4, 0))))),
(
)),

'select_attributes': (
{},
('all', (('attribute', 'attribute', 0, None, ((1, 0), (4, 0))),)),
(
)),

'status': (
{},
('any', ()),
(
)),

'storage': (
{},
('all', (('storage-mapping', 'storage-mapping', 0, None, ((1, 0), (4, 0))),)),
(
)),

'storage-mapping': (
{'id': (('id', True, ((1, 0), (4, 0))),),
 'options': (('text', False, ((1, 0), (4, 0))),),
 'source-dir': (('text', False, ((1, 0), (4, 0))),),
 'source-dir-root': (('text', False, ((1, 0), (4, 0))),),
 'target-dir': (('text', True, ((1, 0), (4, 0))),)},
('all', ()),
(
(lambda a, n: (('source-dir' in a) or ('source-dir-root' in a)), 'does not say what is mapped', 'say what is mapped: give source-dir or source-dir-root', None, (), ('source-dir', 'source-dir-root'), ((1, 0), (4, 0))),
(lambda a, n: (not (('source-dir' in a) and ('source-dir-root' in a))), 'has both source-dir and source-dir-root', 'give either source-dir or source-dir-root, not both', None, (), ('source-dir', 'source-dir-root'), ((1, 0), (4, 0))),
)),

'tag': (
{'id': (('id', True, ((1, 0), (4, 0))),)},
('all', (('obj_ref', 'obj_ref', 1, None, ((1, 0), (4, 0))),)),
(
)),

'tags': (
{},
('all', (('tag', 'tag', 0, None, ((1, 0), (4, 0))),)),
(
)),

'template': (
{'class': (('class.template', True, ((1, 0), (4, 0))),),
 'description': (('text', False, ((1, 0), (4, 0))),),
 'id': (('id', True, ((1, 0), (4, 0))),),
 'provider': (('text', False, ((1, 0), (4, 0))),),
 'type': (('text', True, ((1, 0), (4, 0))),)},
('all',
 (('operations', 'operations', 0, 1, ((1, 0), (4, 0))),
  ('instance_attributes', 'instance_attributes.primitive', 0, None, ((1, 0), (4, 0))),
  ('meta_attributes', 'meta_attributes.primitive', 0, None, ((1, 0), (4, 0))),
  ('utilization', 'utilization', 0, None, ((1, 0), (4, 0))))),
(
(lambda a, n: ((not (c(a.get('class', '')) == 'ocf')) or ('provider' in a)), 'is of class ocf, but has no provider', 'give provider: agents of class ocf have one, such as heartbeat or pacemaker', None, ('class',), ('class', 'provider'), ((1, 0), (4, 0))),
(lambda a, n: ((not (('class' in a) and ('provider' in a))) or (c(a.get('class', '')) in {'ocf'})), 'has a provider, but is not of class ocf', 'remove provider: only agents of class ocf have one', None, ('class',), ('class', 'provider'), ((1, 0), (4, 0))),
)),

'utilization': (
{'id': (('id', False, ((1, 0), (4, 0))),),
 'id-ref': (('idref', False, ((1, 0), (4, 0))),),
 'score': (('score', False, ((1, 0), (4, 0))),)},
('all',
 (('nvpair', 'nvpair', 0, None, ((1, 0), (4, 0))), ('rule', 'rule.resources', 0, 1, ((1, 0), (4, 0))))),
(
(lambda a, n: (('id' in a) or ('id-ref' in a)), 'has neither id nor id-ref', 'give id, or id-ref to reuse another set', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (not (('id' in a) and ('id-ref' in a))), 'has both id and id-ref', 'give either id or id-ref, not both', None, (), ('id', 'id-ref'), ((1, 0), (4, 0))),
(lambda a, n: (('id' in a) or (not ('id-ref' in a)) or (not (('score' in a) or ('nvpair' in n) or ('rule' in n)))), 'has id-ref, and more beside it', 'with id-ref, give nothing else: the set that it names has everything', None, (), ('id', 'id-ref', 'score'), ((1, 0), (4, 0))),
)),

}
