theme: /

    state: Draw
        q!: draw
        script:
            $temp.drawn = $parley.webhook("draw", {fallback: "The machine is out of order."});
        if: $temp.drawn
            go!: /Drawn
        else:
            a: Try again tomorrow, {{$request.data.context.user.display_name}}.

        state: More
            q: more
            a: It was {{$request.data.context.random_number}}.

    state: Drawn
        a: You drew {{$request.data.context.random_number}}, {{$request.data.context.user.email}}.
        go: /Draw

    state: Strict
        q!: strict
        script:
            $session.asked = true;
            $parley.webhook("strict", {fallback: "not said"});

    state: Asked
        q!: asked
        a: {{$session.asked ? "asked" : "not asked"}}

    state: Unnamed
        q!: unnamed
        script:
            $parley.webhook("nobody");

    state: NoMatch
        event!: noMatch
        a: You said: {{$request.query}}
