"""The demo page: a form and the answer with its citations, without JavaScript."""
