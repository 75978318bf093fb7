// Prints the order in which its functions lie in memory, and the address of the pinned table.

#include <stdint.h>
#include <stdio.h>

int first(int), second(int), third(int), cold(int);
extern char __hot_start[], __hot_end[], fixed_table_begin[], fixed_table_end[];

__attribute__((section(".fixed_table"))) const uint32_t table[4] = {1, 2, 3, 4};

int main(void) {
  uintptr_t a = (uintptr_t)first, b = (uintptr_t)second, c = (uintptr_t)third;
  printf("order %s\n", c < a && a < b ? "third first second" : "other");
  printf("hot %d\n", (uintptr_t)__hot_start <= c && b < (uintptr_t)__hot_end);
  printf("aligned %d\n", (uintptr_t)__hot_start % 64 == 0);
  printf("table %p of %d bytes, sum %d\n", (void *)table,
         (int)(fixed_table_end - fixed_table_begin), (int)(table[0] + table[3]));
  return first(1) + second(2) + third(3) + cold(4) - 14;
}
