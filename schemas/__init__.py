"""What a valid file looks like, as data. A regular package, since an editable install cannot read resources of another kind."""
