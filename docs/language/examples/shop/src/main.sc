require: number/number.sc
    module = sys.zb-common

patterns:
    $fruit = (apple*:apples|pear*:pears)

theme: /

    state: Start
        q!: $regex</start>
        q!: (hi|hello) *
        a: Hello! We have apples and pears.
        buttons:
            "Apples" -> /Order
            "Bye" -> /Bye

    state: Order
        q!: * $fruit *
        script:
            $session.fruit = $parseTree._fruit || "apples";
        a: How many {{ $session.fruit }} shall it be?

        state: Count
            q: * $Number *
            a: {{ $parseTree._Number }} {{ $session.fruit }} are on their way.

        state: What
            event: noMatch
            a: A number, please.

    state: Bye
        q!: bye
        a: See you!

    state: NoMatch
        event!: noMatch
        a: I sell fruit. Say apples or pears.
