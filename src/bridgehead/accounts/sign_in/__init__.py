"""Who is there, and is it really them: second factors, recovery codes, sessions."""
