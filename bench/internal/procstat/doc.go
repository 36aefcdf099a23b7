// Package procstat reads what the kernel knows of a process and of the machine:
// memory, CPU time, open files. It reads /proc, and so is silent elsewhere than
// on Linux: there every figure is 0.
package procstat
