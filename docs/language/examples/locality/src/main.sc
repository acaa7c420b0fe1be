theme: /

    state: Start
        q!: /start
        a: Shall I take an order?

        state: Yes
            q: yes
            a: Tea or coffee?

            state: Tea
                q: tea
                a: One tea.

            state: Coffee
                q: coffee
                a: One coffee.

    state: Help
        q!: * help *
        a: Say tea or coffee.

    state: Stop || noContext = true
        q!: hold on
        a: I am waiting.

    state: Form || modal = true
        q!: fill in the form
        a: Your name?

        state: Name
            q: $oneWord
            a: Thank you.
            go: /

        state: Wrong
            event: noMatch
            a: One word, please.

    state: Cancel
        q: cancel || fromState = /Form
        a: The form is gone.

    state: Unknown
        event!: noMatch
        a: I do not know.
