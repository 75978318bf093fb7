// Functions that the order file sorts.

int first(int n) { return n + 1; }
int second(int n) { return n + 1; }
int third(int n) { return n + 1; }
__attribute__((cold)) int cold(int n) { return n + 1; }
