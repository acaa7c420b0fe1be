var near = 1;
