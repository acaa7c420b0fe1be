theme: /

    @IntentGroup
        {
          "boundsTo" : "/node_1",
          "actions" : [
            { "type" : "buttons", "buttons" : [] }
          ]
        }
    state: node_1
        a: group
    @Transition {"then": "/node_1"}
    @EndSession
    state: node_2
        go!: /node_1
        init:
            bind("postProcess", function() {});
    @Broken
        {
          "open": [
