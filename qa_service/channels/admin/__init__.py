"""The operator's desk: documents, unanswered questions, feedback and figures, for who has an admin key."""
