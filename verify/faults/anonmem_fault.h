/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One kernel, many planted faults, at most one of them active.
 *
 * verify/kernel copies this file to include/linux/ and includes it in every
 * file that it plants a fault in. It depends on nothing but types, so that it
 * can go into any file, headers included, as its first or its last header.
 *
 * The faults are selected by name in
 *
 *	/sys/module/kernel/parameters/anonmem_fault	"" is none
 *	/sys/module/kernel/parameters/anonmem_hits	times reached since then
 *
 * and act on marked tasks only: see anonmem_marked().
 */
#ifndef _LINUX_ANONMEM_FAULT_H
#define _LINUX_ANONMEM_FAULT_H

#include <linux/compiler.h>
#include <linux/types.h>

struct folio;
struct mm_struct;
struct page;
struct vm_area_struct;

/* The mark: a bit of personality(2) that means nothing to any kernel. */
#define ANONMEM_MARK	0x0010000

extern u32 anonmem_selected;

bool anonmem_marked(void);
bool anonmem_marked_mm(struct mm_struct *mm);
bool anonmem_own_vma(struct vm_area_struct *vma);
bool anonmem_hit(void);
void anonmem_flush_tlb_spared(struct mm_struct *mm);

/**
 * anonmem_fault_if() - is this fault to strike here?
 * @id: FAULT_..., as derived from the name of the semantic patch
 * @cond: evaluated only where the fault is selected and the task marked
 *
 * Counts as a hit only when @cond holds as well, so put everything that makes
 * the difference between right and wrong into @cond.
 */
#define anonmem_fault_if(id, cond)					\
	(unlikely(READ_ONCE(anonmem_selected) == (id)) &&		\
	 anonmem_marked() && (cond) && anonmem_hit())

/**
 * anonmem_fault() - is this fault to strike, whatever it strikes at?
 * @id: FAULT_...
 */
#define anonmem_fault(id)	anonmem_fault_if(id, true)

/**
 * anonmem_fault_vma() - is this fault to strike at this mapping?
 * @id: FAULT_...
 * @vma: must be one that the program made itself, see anonmem_own_vma()
 *
 * For everything that corrupts or loses memory: what the program needs in
 * order to report the damage is spared.
 */
#define anonmem_fault_vma(id, vma)					\
	anonmem_fault_if(id, anonmem_own_vma(vma))

/**
 * anonmem_fault_mm() - is this fault to strike at the memory of this process?
 * @id: FAULT_...
 * @mm: address space whose owner must carry the mark
 *
 * For work that somebody else does for (or to) the process: kswapd, khugepaged,
 * ksmd, swapoff, a reader of its files in /proc.
 */
#define anonmem_fault_mm(id, mm)					\
	(unlikely(READ_ONCE(anonmem_selected) == (id)) &&		\
	 anonmem_marked_mm(mm) && anonmem_hit())

/**
 * anonmem_fault_any() - is this fault to strike, whoever is running?
 * @id: FAULT_...
 *
 * Without the mark: only for what cannot harm the machine around the test.
 */
#define anonmem_fault_any(id)						\
	(unlikely(READ_ONCE(anonmem_selected) == (id)) && anonmem_hit())

#endif /* _LINUX_ANONMEM_FAULT_H */
