theme: /
    state: One
        a: one
