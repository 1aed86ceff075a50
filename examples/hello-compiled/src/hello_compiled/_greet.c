#include <Python.h>

static PyObject *greet(PyObject *self, PyObject *name) {
    return PyUnicode_FromFormat("Hello, %S!", name);
}

static PyMethodDef methods[] = {
    {"greet", greet, METH_O, "Return a greeting for a name."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {{0, NULL}};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_greet", "The greeting, in C.", 0, methods, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__greet(void) { return PyModuleDef_Init(&module); }
