theme: /Темы
    state: Как дела?
        go!: /Темы/Как дела?/50% - да, "нет" (1)
        state: 50% - да, "нет" (1)
            go!: ../1
        state: 1
            go: ..
    state:
        a: unnamed
    state:
        a: unnamed too
        state:
            a: nested
    state: 5
    state:
        a: the fifth is taken
    state:: Twice
        a: two colons
    state: /Темы/Absolute
        go!: Child
        state: /Child
            a: stands below
    state: Twice
        a: again
    state: Params || noContex = true, module = sys.zb-common
        a: misspelt parameters
    state: a/b
        a: bad name
