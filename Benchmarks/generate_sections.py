#!/usr/bin/env python3
"""Writes assembly with very many small sections, COMDAT groups and merged strings.

    generate_sections.py FOLDER FILES FUNCTIONS_PER_FILE

As many sections, groups and relocations per byte as -ffunction-sections code at its worst. The
program that start.s begins leaves with status 0.
"""
import os
import sys


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    folder, n, f = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.makedirs(folder, exist_ok=True)
    tail = '.section .note.GNU-stack,"",@progbits\n'
    for i in range(n):
        with open(f"{folder}/o{i}.s", "w") as out:
            for j in range(f):
                out.write(
                    f'.section .text.f{i}_{j},"ax",@progbits\n.globl f{i}_{j}\nf{i}_{j}:\n'
                    f" call f{(i * 7 + j + 1) % n}_{(j * 3 + 1) % f}\n lea .L{j}(%rip),%rdi\n ret\n"
                    f'.section .text.c{j},"axG",@progbits,c{j},comdat\n.weak c{j}\nc{j}:\n ret\n'
                    f'.section .rodata.str1.1,"aMS",@progbits,1\n'
                    f'.L{j}: .asciz "string {(i * 13 + j) % 997}"\n')
            out.write(tail)
    with open(f"{folder}/start.s", "w") as out:
        out.write(".globl _start\n_start: mov $60,%eax\n xor %edi,%edi\n syscall\n" + tail)


if __name__ == "__main__":
    main()
