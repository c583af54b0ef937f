"""The graph of a case in other tools' formats. Plain text out, no library."""
