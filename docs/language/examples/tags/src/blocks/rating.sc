theme: /Blocks

    state: Rating || modal = true
        a: {{ $request.data.args.question }}

        state: Given
            q: * $regexp<[1-5]>::points *
            script: $session.rating = $parseTree._points;
            go!: {{ $request.data.args.okState }}

        state: Again
            event: noMatch
            a: 1 to 5, please.
