require: newSessionOnStart/newSession.sc
    module = sys.zb-common
    injector = { "newSessionStartState": "/Welcome" }

theme: /

    init:
        $global.testMode = function () { return false; };

    state: Welcome
        a: welcome, session {{ $client.sessions = ($client.sessions || 0) + 1 }}

        state: Deeper
            q: go on
            a: deeper in {{ $session.name || "a new session" }}

    state: Name
        q!: I am $regexp<\w+>
        script:
            $session.name = $request.query.slice(5);
        go: /Welcome

    state: Who
        q!: who am I
        a: {{ $session.name || "nobody" }}
