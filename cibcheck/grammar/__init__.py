"""What a *valid* CIB looks like, in any of the schema versions: ``schemas/cib.xsd``, compiled to tables, walked over the document.

The XSD is the single source. `compiler` turns it into plain tables (stored as ``schemas/cib_tables.py``), `tables` projects them onto a
version, `validator` compares a document with them and yields `Violation` objects, which rules give code, words and page.
"""
