def normalise_email(v):
    return v
