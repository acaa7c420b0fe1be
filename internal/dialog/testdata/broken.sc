theme /
    state One
        q! one
        a no colon either
    state: Two
        q: two
        buttons
            "Yes" -> not a path
            No quotes -> /Two
            "Open
        else
            a: alone
        if: true
            a: yes
        else
            a: no
        else:
            a: too many
        goo!: /Two
        Imputnumber:
            prompt = misspelt
        wibble: unknown
            with: children
        some stray prose
        a: {{ open
        a: {{ }} and {{ ok }}
        go!:
        event:
        q:
        image:
        timeout: /Two
        timeout: || interval = soon
        timeout: /Two || interval = 100 h
        go!: /Tow
        a: not reached
        random:
        script:
        a: text || htmlEnabled = maybe, unknown = 1
        newSession:
            nothing here
            data = {broken: [}
    state: Two
        a: again
state: Outside
    a: outside of a theme
q: outside
theme: /X
    q: in a theme
    a: in a theme
