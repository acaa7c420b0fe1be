require: slotfilling/slotFilling.sc
    module = sys.zb-common

theme: /

    state: Menu
        q!: menu
        a: Tea is two, coffee is three.
        buttons:
            "Tea" -> /Tea

        state: Other
            q: *
            a: That is not on the menu.

    state: Tea
        a: A cup of tea.

    state: Cheap
        q!: * (cheap*|discount) *
        a: Everything is cheap here.

    state: Thanks
        eg!: thanks
        e!: you are great
        a: You are welcome.

    state: Deliver
        intent!: /Deliver
        a: {{$parseTree._goods.length}} things, {{$parseTree._goods[0].name}} first. The bill goes to {{$parseTree._address}}.

    state: Questions
        intentGroup!: /Questions
        a: {{$context.intent.answer}}

    state: Known
        event!: match
        a: {{$context.intent.answer}}

    state: Unknown
        event!: noMatch
        a: I do not know.

    state: TooLong
        event!: lengthLimit
        a: That was too long.
