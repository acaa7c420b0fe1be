# An event of the channel starts a new session, and the text that came with it is
# answered there. The event is taken off the request first: an event outranks the
# text, so that it would lead into this state again and again.
theme: /

    state: Restart
        event!: newSession
        script:
            $request.query = $request.rawRequest.messages[0].text;
            $request.event = null;
            $reactions.newSession({request: $request});

    state: Hello
        q!: hello *
        script:
            $session.count = ($session.count || 0) + 1;
        a: Hello for the {{$session.count === 1 ? "first" : "next"}} time in this session.

    state: CatchAll
        event!: noMatch
        a: I only understand "hello".
