theme: /
    state: A
        a: hi