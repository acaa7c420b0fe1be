# What not to do: the event stays in the request, and an event outranks the text.
# So the new session enters this state again, and starts another one. Parley stops
# the turn after 5 restarts and names the remedy in its log; examples/session-event
# shows it.
theme: /

    state: Restart
        event!: newSession
        a: A new session is coming.
        script:
            $reactions.newSession({message: "hello", data: $request.data});

    state: Hello
        q!: hello
        a: Hello.
