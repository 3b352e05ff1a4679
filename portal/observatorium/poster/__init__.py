"""The poster of an invitation: one page with the address as text and as a QR code, to be read aloud too."""
