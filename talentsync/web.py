"""How gunicorn serves TalentSync: `gunicorn -c python:talentsync.web`. Address and number of processes stand where it
is started.

It believes the headers of the proxies that settings name, and of nobody else.
"""

from __future__ import annotations

from talentsync import environment

wsgi_app = "talentsync.wsgi"
control_socket_disable = True
forwarded_allow_ips = ",".join(environment.trusted_proxies(environment.read()))
