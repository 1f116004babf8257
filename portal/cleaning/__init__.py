"""A file is taken apart and made anew, in a child process that has nothing to lose.

`cleaner` is what the portal asks; it starts one child for each file and believes
nothing that the child answers. Everything below `child` runs in there: without keys,
network, the instance folder, or a file system to write to.
"""
