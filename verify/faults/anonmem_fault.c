// SPDX-License-Identifier: GPL-2.0
/*
 * The switch of the planted faults: which one is selected, whom it may strike.
 *
 * verify/kernel copies this file to mm/ and writes anonmem_fault_table.h beside
 * it, one ANONMEM_FAULT("name", number) per fault that is in this kernel.
 */
#include <linux/anonmem_fault.h>
#include <linux/atomic.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/string.h>

#include <asm/tlbflush.h>

static const struct anonmem_fault_entry {
	const char *name;
	u32 id;
} anonmem_faults[] = {
#define ANONMEM_FAULT(name, id) { name, id },
#include "anonmem_fault_table.h"
	{ "", 0 },
};

u32 anonmem_selected __read_mostly;
static atomic_long_t anonmem_hit_count;

/* fork and exec pass the mark on, and a kernel thread never has it. */
bool anonmem_marked(void)
{
	return current->personality & ANONMEM_MARK;
}

bool anonmem_marked_mm(struct mm_struct *mm)
{
	struct task_struct *owner;
	bool marked = false;

	if (!mm)
		return false;
#ifdef CONFIG_MEMCG
	rcu_read_lock();
	owner = rcu_dereference(mm->owner);
	if (owner)
		marked = READ_ONCE(owner->personality) & ANONMEM_MARK;
	rcu_read_unlock();
#endif
	return marked;
}

/* The stack that the current task runs on, also when mmap() made it. */
static bool anonmem_vma_is_stack(struct vm_area_struct *vma)
{
	unsigned long sp;

	if (vma->vm_flags & VM_GROWSDOWN || vma_is_initial_stack(vma))
		return true;
	if (current->flags & PF_KTHREAD || vma->vm_mm != current->mm)
		return false;
	sp = user_stack_pointer(task_pt_regs(current));
	return sp >= vma->vm_start && sp < vma->vm_end;
}

/* From the program's text to the end of its heap: what the ELF loader made. */
static bool anonmem_vma_is_image(struct vm_area_struct *vma)
{
	struct mm_struct *mm = vma->vm_mm;

	if (vma_is_initial_heap(vma))
		return true;
	return vma->vm_start < mm->end_data + PAGE_SIZE &&
	       vma->vm_end > mm->start_code;
}

/*
 * A mapping that the program mmap()ed itself for data. Spared are its image,
 * heap and stack, whatever is or was executable, and private mappings of files
 * that are not open for writing (the data of shared libraries).
 */
bool anonmem_own_vma(struct vm_area_struct *vma)
{
	if (!vma || !vma->vm_mm || vma->vm_flags & VM_EXEC)
		return false;
	if (anonmem_vma_is_image(vma) || anonmem_vma_is_stack(vma))
		return false;
	if (!vma->vm_file || vma->vm_flags & VM_SHARED)
		return true;
	return vma->vm_file->f_mode & FMODE_WRITE;
}

/*
 * For faults that forget to flush the TLB of a whole process: flushes all but
 * what such a fault may corrupt. Page by page, since a range that is longer
 * than a few pages is flushed by flushing everything.
 */
void anonmem_flush_tlb_spared(struct mm_struct *mm)
{
	VMA_ITERATOR(vmi, mm, 0);
	struct vm_area_struct *vma;
	unsigned long addr;

	for_each_vma(vmi, vma) {
		if (!(vma->vm_flags & VM_WRITE) || anonmem_own_vma(vma))
			continue;
		for (addr = vma->vm_start; addr < vma->vm_end; addr += PAGE_SIZE)
			flush_tlb_page(vma, addr);
	}
}

/* Always true: the last link of a condition, reached when all the others are. */
bool anonmem_hit(void)
{
	atomic_long_inc(&anonmem_hit_count);
	return true;
}

static int anonmem_fault_set(const char *val, const struct kernel_param *kp)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(anonmem_faults); i++) {
		if (!sysfs_streq(val, anonmem_faults[i].name))
			continue;
		WRITE_ONCE(anonmem_selected, 0);
		atomic_long_set(&anonmem_hit_count, 0);
		WRITE_ONCE(anonmem_selected, anonmem_faults[i].id);
		return 0;
	}
	return -EINVAL;
}

static int anonmem_fault_get(char *buffer, const struct kernel_param *kp)
{
	u32 id = READ_ONCE(anonmem_selected);
	int i = 0;

	while (anonmem_faults[i].id && anonmem_faults[i].id != id)
		i++;
	return sysfs_emit(buffer, "%s\n", anonmem_faults[i].name);
}

static int anonmem_hits_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%ld\n", atomic_long_read(&anonmem_hit_count));
}

static const struct kernel_param_ops anonmem_fault_ops = {
	.set = anonmem_fault_set,
	.get = anonmem_fault_get,
};

static const struct kernel_param_ops anonmem_hits_ops = {
	.get = anonmem_hits_get,
};

/* Beside core_param()'s, so that no kernel's name for this is needed. */
#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX "kernel."
module_param_cb(anonmem_fault, &anonmem_fault_ops, NULL, 0644);
module_param_cb(anonmem_hits, &anonmem_hits_ops, NULL, 0444);
