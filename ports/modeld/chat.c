/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A chat endpoint with OpenAI's interface, which the operator configures. It
 * is asked with the summary of one block, and its answer is read strictly: the
 * library checks it against the summary, and marks it as a guess.
 *
 * One question at a time, so that a slow endpoint holds one worker and no
 * more; and for half of the time that a connection has.
 */
#include "modeld.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef MODELD_WITH_CHAT

bool modeld_chat_there(void)
{
    return false;
}

const fwsim_second_source *modeld_chat_begin(const modeld *server)
{
    (void)server;
    return NULL;
}

void modeld_chat_end(const fwsim_second_source *chat)
{
    (void)chat;
}

#else

#include <jansson.h>
#include <pthread.h>

enum {
    ANSWER_MAX = 64 << 10, /* bytes */
    CONTENT_MAX = 16 << 10,
    BELOW = 50,   /* percent: a candidate with less is no answer */
    BLOCKS = 4,   /* of one question, at most */
    LEAST_MS = 50 /* that are worth a try */
};

static const char instructions[] =
    "You are given how a firmware used a block of registers of a "
    "microcontroller: offsets, widths, numbers of reads and writes, bits that "
    "were tested or waited for. Say what peripheral it may be. Answer with one "
    "JSON object and nothing else: {\"peripheral\": NAME, \"confidence\": "
    "0-100, \"registers\": [{\"offset\": NUMBER, \"name\": NAME, \"role\": "
    "ROLE, \"confidence\": 0-100}]}. NAME: letters, digits and underscores, at "
    "most 32. ROLE: control, status, control-status, data, flags, set, clear, "
    "counter, identity, address or count. Only offsets that were given.";

static struct {
    pthread_mutex_t lock;
    const modeld_options *opt;
    int64_t deadline;
    unsigned asked;
    char name[128];
    fwsim_second_source source;
} chat = { .lock = PTHREAD_MUTEX_INITIALIZER };

bool modeld_chat_there(void)
{
    return true;
}

/* ------------------------------------------------------------------ */
/* Answers                                                              */
/* ------------------------------------------------------------------ */

/** Has an object these keys, and no others? */
static bool has_only(const json_t *object, const char *const *keys)
{
    size_t count = 0;

    if (!json_is_object(object))
        return false;
    for (; keys[count]; count++) {
        if (!json_object_get(object, keys[count]))
            return false;
    }
    return json_object_size(object) == count;
}

static bool read_number(const json_t *object, const char *key, unsigned max,
                        unsigned *out)
{
    const json_t *value = json_object_get(object, key);
    json_int_t n = json_integer_value(value);

    *out = (unsigned)n;
    return json_is_integer(value) && n >= 0 && n <= (json_int_t)max;
}

/** Letters, digits, '_' and, in roles, '-'. */
static bool read_word(const json_t *object, const char *key, char *out)
{
    const json_t *value = json_object_get(object, key);
    const char *text = json_string_value(value);
    size_t n = text ? json_string_length(value) : 0;

    if (!n || n >= FWSIM_GUESS_NAME ||
        strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                     "0123456789_-") != n)
        return false;
    memcpy(out, text, n + 1);
    return true;
}

static bool read_guess(const json_t *root, fwsim_guess *out)
{
    static const char *const keys[] = { "peripheral", "confidence", "registers",
                                        NULL };
    static const char *const register_keys[] = { "offset", "name", "role",
                                                 "confidence", NULL };
    const json_t *list = json_object_get(root, "registers"), *item;
    size_t i;

    if (!has_only(root, keys) || !json_is_array(list) ||
        json_array_size(list) > FWSIM_GUESS_REGISTERS ||
        !read_word(root, "peripheral", out->peripheral) ||
        !read_number(root, "confidence", 100, &out->confidence))
        return false;
    json_array_foreach((json_t *)list, i, item) {
        if (!has_only(item, register_keys) ||
            !read_number(item, "offset", 0x3ff, &out->registers[i].offset) ||
            !read_word(item, "name", out->registers[i].name) ||
            !read_word(item, "role", out->registers[i].role) ||
            !read_number(item, "confidence", 100,
                         &out->registers[i].confidence))
            return false;
    }
    out->count = json_array_size(list);
    return true;
}

bool modeld_chat_read(const char *text, size_t size, fwsim_guess *out)
{
    json_t *answer = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
    const json_t *choice =
        json_array_get(json_object_get(answer, "choices"), 0);
    const json_t *content =
        json_object_get(json_object_get(choice, "message"), "content");
    json_t *root = NULL;
    bool ok = false;

    if (json_is_string(content) && json_string_length(content) <= CONTENT_MAX)
        root = json_loadb(json_string_value(content),
                          json_string_length(content), JSON_REJECT_DUPLICATES,
                          NULL);
    *out = (fwsim_guess){ .count = 0 };
    if (root)
        ok = read_guess(root, out);
    json_decref(root);
    json_decref(answer);
    return ok;
}

/* ------------------------------------------------------------------ */
/* Questions                                                            */
/* ------------------------------------------------------------------ */

static char *write_request(const char *model, const char *summary)
{
    json_t *root = json_pack(
        "{s:s, s:i, s:i, s:b, s:{s:s}, s:[{s:s, s:s}, {s:s, s:s}]}", "model",
        model, "temperature", 0, "max_tokens", 2048, "stream", 0,
        "response_format", "type", "json_object", "messages", "role", "system",
        "content", instructions, "role", "user", "content", summary);
    char *text = root ? json_dumps(root, JSON_COMPACT) : NULL;

    json_decref(root);
    return text;
}

static void log_error(const fwsim_log_entry *entry, void *unused)
{
    (void)unused;
    if (entry->level == FWSIM_LOG_ERROR)
        modeld_log("chat endpoint: %s", entry->text);
}

static bool ask(const char *summary, fwsim_guess *out, void *unused)
{
    int64_t left = chat.deadline - modeld_clock_ms();
    fwsim_fetch_options how = { .ca = chat.opt->chat_ca,
                                .token = chat.opt->chat_token,
                                .log = log_error };
    char *request, *answer = NULL;
    size_t size = 0;
    bool ok = false;

    (void)unused;
    if (left < LEAST_MS || chat.asked++ >= BLOCKS)
        return false;
    how.connect_ms = how.total_ms = (unsigned)left;
    request = write_request(chat.opt->chat_model, summary);
    if (request && !fwsim_fetch(chat.opt->chat_url, request, ANSWER_MAX,
                                &answer, &size, &how)) {
        ok = modeld_chat_read(answer, size, out);
        if (!ok)
            modeld_log("chat endpoint: its answer is not as it should be");
    }
    free(answer);
    free(request);
    return ok;
}

const fwsim_second_source *modeld_chat_begin(const modeld *server)
{
    if (!server->opt.chat_url || pthread_mutex_trylock(&chat.lock))
        return NULL;
    chat.opt = &server->opt;
    chat.deadline = modeld_clock_ms() + server->opt.timeout_ms / 2;
    chat.asked = 0;
    snprintf(chat.name, sizeof(chat.name), "chat endpoint %s",
             server->opt.chat_model);
    chat.source = (fwsim_second_source){ chat.name, BELOW, ask, NULL };
    return &chat.source;
}

void modeld_chat_end(const fwsim_second_source *source)
{
    if (source)
        pthread_mutex_unlock(&chat.lock);
}

#endif
