// helper
var helper = 1;
helper++;
