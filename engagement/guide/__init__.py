"""The guide: from the answers to six questions, by the published criteria, to the door that is the organization's.

It stands below the views because it knows no HTTP, and above the models because the rules are rows there.
"""
