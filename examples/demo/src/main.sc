require: functions.js

init:
    bind("postProcess", function($context) {
        $context.session.turns = ($context.session.turns || 0) + 1;
    });

patterns:
    $Greeting = (hi|hello|hey|good (morning|evening|day))
    $Human = (human|agent|operator|person|somebody)

theme: /

    state: Start
        q!: $regex</start>
        q!: defaultstartmessage
        q!: $Greeting *
        a: Hello{{greetedName()}}! I am the demo bot of Parley. Say anything, and I say it back.
        buttons:
            "Who am I?" -> /WhoAmI
            "Talk to a human" -> /Human

    state: WhoAmI
        q!: * who am i *
        if: displayName()
            a: You are {{displayName()}}. This is turn {{($session.turns || 0) + 1}} of our session.
        else:
            a: I do not know yet. What is your name?
            go: /WhoAmI/Ask

        state: Ask

            state: Name
                q: * [my name is|i am] $regexp<[A-Z]\S+>::Name
                q: $oneWord::Name
                script:
                    $parley.updateContext({user: {display_name: capitalize($parseTree._Name)}});
                a: Nice to meet you, {{capitalize($parseTree._Name)}}. Your name is in the session's context now.
                go: /Start

    state: Plan
        q!: * [my] plan *
        a: Your plan in the context is: {{$request.data.context.plan || "none"}}.

    state: Human
        q!: * [talk|speak|connect] * (to|with) [a|an] $Human *
        q!: [i] [need|want] [a|an] $Human
        a: I am passing you on to a human.
        script:
            $parley.handover({reason: "asked for a human", firstMessage: $jsapi.chatHistory()});

    state: NewSession
        q!: start over
        script:
            $jsapi.startSession();
        a: This is a new session: {{$request.data.chatId}}.

    state: Bye
        q!: (bye|goodbye) *
        a: Bye! Your next message opens a new session.
        EndSession:

    state: Echo
        event!: noMatch
        random:
            a: You said: {{$request.query}}
            a: I heard: {{$request.query}}
            a: {{$request.query}}, you say.
