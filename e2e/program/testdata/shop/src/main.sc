theme: /

    state: Menu
        q!: menu
        a: What would you like?
        buttons:
            "Track my order" -> /Track
            "Return an item" -> /Track
            "Talk to a person" -> /Person

    state: Track
        a: It is on its way.

    state: Person
        q!: person
        script:
            $parley.handover({reason: "asked"});
        a: One moment, please.

    state: Resolve
        q!: resolve
        script:
            $parley.closeConversation();
        a: Solved.

    state: Next
        q!: next
        script:
            $jsapi.startSession();
        a: A new session.

    state: Stop
        q!: stop
        script:
            $jsapi.stopSession();
        a: Goodbye.

    state: Count
        q!: count
        script:
            $session.n = ($session.n || 0) + 1;
            $client.n = ($client.n || 0) + 1;
        a: {{$session.n}} of {{$client.n}}

    state: Remember
        q!: remember
        script:
            $parley.updateContext({seen: $session.n || 0});
        a: Noted.

    state: Fail
        q!: fail
        script:
            throw new Error("broken on purpose");

    state: Hang
        q!: hang
        script:
            while (true) {}

    state: Hold
        q!: hold *
        script:
            $http.get($request.query.slice("hold ".length), {timeout: 25000});
            while (true) {}

    state: Loop
        q!: loop
        script:
            $reactions.newSession({message: "loop", data: $request.data});

    state: Echo
        event!: noMatch
        a: You said: {{$request.query}}
