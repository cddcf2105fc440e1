#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// What the kernel hands the program, field by field, is in these registers while it decides; see `struct
// bpf_cgroup_dev_ctx`.
enum { RESULT = BPF_REG_0, CONTEXT = BPF_REG_1, KIND = BPF_REG_2, ACCESS = BPF_REG_3, MAJOR = BPF_REG_4, MINOR = BPF_REG_5, EXCESS = BPF_REG_6 };

// The most that a rule takes, and what stands before and behind all rules.
enum { RULE_LENGTH = 8, FRAME_LENGTH = 8 };

struct program {
    struct bpf_insn *instructions;
    size_t length;
};

static void add(struct program *program, uint8_t code, uint8_t target, uint8_t source, int16_t offset, int32_t value) {
    program->instructions[program->length++] = (struct bpf_insn){
        .code = code,
        .dst_reg = target & 0xf,
        .src_reg = source & 0xf,
        .off = offset,
        .imm = value,
    };
}

static void load(struct program *program, uint8_t target, size_t offset) {
    add(program, BPF_LDX | BPF_MEM | BPF_W, target, CONTEXT, (int16_t)offset, 0);
}

static void end_with(struct program *program, int32_t result) {
    add(program, BPF_ALU64 | BPF_MOV | BPF_K, RESULT, 0, 0, result);
    add(program, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

// Goes on where the register has the value; else leaves the rule, once it is known where that ends.
static void require(struct program *program, uint8_t register_number, uint32_t value) {
    add(program, BPF_JMP32 | BPF_JNE | BPF_K, register_number, 0, 0, (int32_t)value);
}

static void add_rule(struct program *program, const struct berth_device_rule *rule) {
    size_t start = program->length;
    require(program, KIND, rule->is_block ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR);
    // All that is wanted at once must be allowed.
    add(program, BPF_ALU | BPF_MOV | BPF_X, EXCESS, ACCESS, 0, 0);
    add(program, BPF_ALU | BPF_AND | BPF_K, EXCESS, 0, 0, (int32_t)~rule->access);
    require(program, EXCESS, 0);
    if (rule->major_number >= 0) require(program, MAJOR, (uint32_t)rule->major_number);
    if (rule->minor_number >= 0) require(program, MINOR, (uint32_t)rule->minor_number);
    end_with(program, 1);
    for (size_t index = start; index < program->length; index++) {
        struct bpf_insn *instruction = &program->instructions[index];
        if (instruction->code == (BPF_JMP32 | BPF_JNE | BPF_K))
            instruction->off = (int16_t)(program->length - index - 1);
    }
}

static void write_program(struct program *program, const struct berth_device_rule *rules, size_t count) {
    load(program, ACCESS, offsetof(struct bpf_cgroup_dev_ctx, access_type));
    add(program, BPF_ALU | BPF_MOV | BPF_X, KIND, ACCESS, 0, 0);
    add(program, BPF_ALU | BPF_AND | BPF_K, KIND, 0, 0, 0xffff);
    add(program, BPF_ALU | BPF_RSH | BPF_K, ACCESS, 0, 0, 16);
    load(program, MAJOR, offsetof(struct bpf_cgroup_dev_ctx, major));
    load(program, MINOR, offsetof(struct bpf_cgroup_dev_ctx, minor));
    for (size_t index = 0; index < count; index++) add_rule(program, &rules[index]);
    end_with(program, 0);
}

static int attach(int group, const struct program *program) {
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
    attributes.insns = (uint64_t)(uintptr_t)program->instructions;
    attributes.insn_cnt = (uint32_t)program->length;
    attributes.license = (uint64_t)(uintptr_t) "";
    int loaded = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof attributes);
    if (loaded < 0) return errno;
    memset(&attributes, 0, sizeof attributes);
    attributes.target_fd = (uint32_t)group;
    attributes.attach_bpf_fd = (uint32_t)loaded;
    attributes.attach_type = BPF_CGROUP_DEVICE;
    // Beside others, such as a manager of the system's has on the groups above.
    attributes.attach_flags = BPF_F_ALLOW_MULTI;
    int error = syscall(SYS_bpf, BPF_PROG_ATTACH, &attributes, sizeof attributes) < 0 ? errno : 0;
    close(loaded);
    return error;
}

int berth_filter_devices(int group, const struct berth_device_rule *rules, size_t count) {
    struct program program = {.instructions = calloc(count * RULE_LENGTH + FRAME_LENGTH, sizeof(struct bpf_insn))};
    if (program.instructions == NULL) return errno;
    write_program(&program, rules, count);
    int error = attach(group, &program);
    free(program.instructions);
    return error;
}
