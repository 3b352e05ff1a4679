"""The report of a round for the council: its values in words, its drawing of the wheel, and the PDF."""
