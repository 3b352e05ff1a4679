"""Pictures and documents from people: checked, made anew, and served so that they can do no harm."""
