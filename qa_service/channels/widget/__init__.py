"""The chat widget: a script that puts questions and cited answers into any page."""
