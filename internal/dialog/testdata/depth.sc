theme: /
    state: A
        if: 1
            if: 2
                if: 3
                    random:
                        if: 4
                            a: deep
                        else:
                            a: other
                a: back
            go!: /A
