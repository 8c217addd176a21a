"""Making a release: the version, the changelog, the wheel, the list of what is in it, a commit and a tag."""
