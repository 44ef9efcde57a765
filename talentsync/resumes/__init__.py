"""Files of resumes: checked by content, kept in private storage, scanned if somebody set that up, shown safely."""
