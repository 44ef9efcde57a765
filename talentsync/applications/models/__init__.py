from talentsync.applications.models.application import Application
from talentsync.applications.models.parts import ApplicationNote, ApplicationStage, InterviewFeedback

__all__ = ["Application", "ApplicationNote", "ApplicationStage", "InterviewFeedback"]
