"""Notices in the portal and by mail: at once, daily or weekly, and never twice."""
