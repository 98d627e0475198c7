"""A service of friction, from Python.

    from friction.client import Client

    with Client("http://127.0.0.1:8000") as friction:
        report = friction.analyze("events.csv", goal="event=purchase")
        for point in friction.points(report.id, min_score=50):
            print(point["title"], point["impact"]["estimate"])

Needs the extra `client`. Whatever the service refuses is raised as the error that the command line would show, with its
code, detail and remedy; a service that is busy or away for a while is asked again.
"""

from friction.client.answers import Job, Report, Upload
from friction.client.api import Client

__all__ = ["Client", "Job", "Report", "Upload"]
