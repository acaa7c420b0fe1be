theme: /

    state: Start
        q!: $regex</start>
        a: Hello!

    state: Echo
        q!: *
        a: You said: {{$request.query}}
