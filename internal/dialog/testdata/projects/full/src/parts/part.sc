require: ../helper.js
require: near.js
require: ../main.sc
theme: /
    state: Part
        go!: /Deep/X
init:
    log("part");
