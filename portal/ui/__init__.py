"""How everything looks: layouts, components, charts, and the answer to every error."""
