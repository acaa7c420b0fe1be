theme: /

    state: Start
        q!: (unclosed
        go!: /Nowhere
