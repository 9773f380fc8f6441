"""English words that carry no topic of their own. Questions and documents drop the same ones."""

STOP_WORDS = frozenset(
    """
    a about above after again against all also am an and any are aren't as at be because been before being
    below between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down
    during each either else ever few for from further had hadn't has hasn't have haven't having he her here
    hers herself him himself his how however i if in into is isn't it it's its itself just let me might more
    most must my myself neither no nor not now of off on once only or other ought our ours ourselves out over
    own please same shall shan't she should shouldn't since so some such than that that's the their theirs
    them themselves then there there's these they this those through to too under until up upon us very was
    wasn't we were weren't what what's when where which while who who's whom whose why will with within
    without won't would wouldn't yet you your yours yourself yourselves
    """.split()
)
